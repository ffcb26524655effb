//! Folders for tests.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;

/// A folder that is removed after the test, and that the user of a cluster can pass through when the tests run as root.
pub fn temp_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}
