//! Errors, each with the next step.

use std::io;
use std::path::{Path, PathBuf};

/// Why a cluster could not be found, started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No folder holds all the programs needed.
    #[error(
        "PostgreSQL is not installed: no folder holds all of initdb, pg_ctl and postgres (searched: {searched}). \
         Install it with `make setup`, `apt-get install postgresql` or `brew install postgresql`"
    )]
    BinariesNotFound {
        /// The folders that were looked at.
        searched: String,
    },
    /// The output of `postgres --version` has no version.
    #[error("{} does not print its version; its output: {output}", program.display())]
    UnknownVersion {
        /// The program.
        program: PathBuf,
        /// Its output.
        output: String,
    },
    /// The folder was initialised by another major version.
    #[error(
        "{} holds data of PostgreSQL {needed}, but {installed} is installed. Install PostgreSQL {needed}, or dump the \
         data with pg_dumpall {needed}, move the folder away and restore the dump",
        folder.display()
    )]
    WrongVersion {
        /// The folder that was requested.
        folder: PathBuf,
        /// The major version of its data.
        needed: String,
        /// The major version of the programs found.
        installed: u32,
    },
    /// Another [`Cluster`](crate::Cluster) uses this folder.
    #[error("the cluster in {} is already in use{}: stop that program, or choose another folder", folder.display(), by(*owner))]
    InUse {
        /// The folder that was requested.
        folder: PathBuf,
        /// The process that uses it, if known.
        owner: Option<u32>,
    },
    /// Something else is where the cluster's data should be.
    #[error("{} is not a PostgreSQL data folder: move it away, or choose another folder", path.display())]
    Foreign {
        /// What is in the way.
        path: PathBuf,
    },
    /// The folder's name cannot be handed to PostgreSQL's programs.
    #[error(
        "{} cannot be the folder of a cluster: its path has a quote, a backslash, a dollar sign, a backtick or a control \
         character. Choose another folder",
        folder.display()
    )]
    UnusableName {
        /// The folder that was requested.
        folder: PathBuf,
    },
    /// The data belongs to another user.
    #[error(
        "the data in {} belongs to user {owner}, this is user {user}: run as that user or as root, or move the folder away",
        folder.display()
    )]
    OwnedByAnother {
        /// The data's folder.
        folder: PathBuf,
        /// The user id of its owner.
        owner: u32,
        /// The user id of this process.
        user: u32,
    },
    /// Running as root, and there is no unprivileged user to run PostgreSQL as.
    #[error(
        "PostgreSQL refuses to run as root, and /etc/passwd has neither `postgres` nor `nobody`: add a user `postgres`"
    )]
    NoUnprivilegedUser,
    /// Running as root, and the unprivileged user cannot reach the folder.
    #[error(
        "PostgreSQL refuses to run as root and runs as `{user}`, who cannot enter {}: choose a folder that all users can \
         enter, such as one under /var/lib",
        folder.display()
    )]
    Unreachable {
        /// The folder which cannot be entered.
        folder: PathBuf,
        /// The unprivileged user.
        user: String,
    },
    /// No short private folder for the socket could be made.
    #[error("the path of {} is too long for a Unix socket, and no private folder could be made in /tmp", folder.display())]
    NoSocketFolder {
        /// The folder that was requested.
        folder: PathBuf,
    },
    /// A setting cannot be written to a configuration file.
    #[error("`{name}` cannot be set: a name has letters, digits, `_` and `.`, and a value has no control characters")]
    BadSetting {
        /// The setting's name.
        name: String,
    },
    /// A file operation failed.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A program could not be run at all.
    #[error("cannot run {program}: {source}")]
    Run {
        /// The program.
        program: String,
        /// Why it failed.
        source: io::Error,
    },
    /// `initdb` failed.
    #[error("initdb could not make a cluster in {}:\n{output}", folder.display())]
    Initialise {
        /// The folder that was requested.
        folder: PathBuf,
        /// The output of `initdb`.
        output: String,
    },
    /// The server did not start.
    #[error("PostgreSQL did not start in {}: {output}\nThe end of {}:\n{log_tail}", folder.display(), log_file.display())]
    Start {
        /// The folder that was requested.
        folder: PathBuf,
        /// The output of `pg_ctl`.
        output: String,
        /// The server's log.
        log_file: PathBuf,
        /// The last lines it wrote there in this attempt.
        log_tail: String,
    },
    /// The server did not stop, not even immediately.
    #[error("PostgreSQL did not stop in {}: {output}\nThe end of {}:\n{log_tail}", folder.display(), log_file.display())]
    Stop {
        /// The folder that was requested.
        folder: PathBuf,
        /// The output of the program that stops it.
        output: String,
        /// The server's log.
        log_file: PathBuf,
        /// Its last lines.
        log_tail: String,
    },
}

impl Error {
    /// Wraps an I/O error: `.map_err(Error::file("read", path))`.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File { action, path, source }
    }
}

fn by(owner: Option<u32>) -> String {
    owner.map(|pid| format!(" by process {pid}")).unwrap_or_default()
}
