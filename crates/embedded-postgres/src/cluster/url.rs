//! The libpq URI of a database.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The superuser that every cluster has.
pub(crate) const SUPERUSER: &str = "postgres";

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `postgresql://postgres@%2Fsocket%2Ffolder:5432/database`.
pub(crate) fn cluster_url(socket_folder: &Path, port: u16, database: &str) -> String {
    let host = percent_encode(socket_folder.as_os_str().as_bytes(), RESERVED);
    format!("postgresql://{SUPERUSER}@{host}:{port}/{}", percent_encode(database.as_bytes(), RESERVED))
}

#[cfg(test)]
mod tests {
    use super::cluster_url;

    #[test]
    fn folder_and_database_are_percent_encoded() {
        let url = cluster_url("/tmp/a b/ü".as_ref(), 5432, "q?/ä%");

        assert_eq!(url, "postgresql://postgres@%2Ftmp%2Fa%20b%2F%C3%BC:5432/q%3F%2F%C3%A4%25");
    }
}
