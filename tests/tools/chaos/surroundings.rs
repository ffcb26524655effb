//! What a scene is given.

use std::path::PathBuf;

/// What a scene is given.
pub(crate) struct Surroundings {
    /// The program to run.
    pub(crate) program: PathBuf,
    /// Whether there is little time.
    pub(crate) quick: bool,
}
