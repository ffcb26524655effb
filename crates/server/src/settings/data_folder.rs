//! The data folder of the user, where files are whose place no setting names.

use std::path::PathBuf;

/// Its name in the folder for the data of all programs.
const NAME: &str = "annotation-statistics";

/// `annotation-statistics` in `$XDG_DATA_HOME`, or in `~/.local/share`; `None` where the user has no home.
#[expect(clippy::disallowed_methods, reason = "the environment says where the data of users is")]
pub(crate) fn data_folder() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    // A relative path is to be ignored, as the specification of XDG has it.
    let named = named.filter(|folder| folder.is_absolute());
    let home = || std::env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(".local/share"));
    Some(named.or_else(home)?.join(NAME))
}
