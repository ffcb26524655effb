//! Where the programs of PostgreSQL are.

use embedded_postgres::Binaries;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// PostgreSQL's programs: those in the folder that `POSTGRES_BIN` names, else those that are found on this machine.
pub fn binaries() -> Binaries {
    let found = match variable("POSTGRES_BIN") {
        Some(folder) => Binaries::find_in(folder),
        None => Binaries::find(variable("PATH").as_deref()),
    };
    found.unwrap_or_else(|error| panic!("{error}"))
}

/// Where programs look for others: first where those of PostgreSQL are, if it is set.
pub(crate) fn search_path() -> OsString {
    let path = variable("PATH").unwrap_or_default();
    let folders = variable("POSTGRES_BIN").map(PathBuf::from).into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "tests have no settings; they search where a shell would")]
pub(super) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}
