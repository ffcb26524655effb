//! The file that a signing key is kept in.

use crate::{InvalidSigningKey, SigningKey};
use annotation_statistics_domain::PublicKey;
use secrecy::{ExposeSecret, SecretString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

/// A larger file is not a key.
const MAX_BYTES: u64 = 64 << 10;

/// The rights that others must not have: none of a user's file. One of root, which is no user, may be read by a group: that is
/// how systemd and Kubernetes hand a secret to a service, and what Postgres takes for its key.
fn refused_rights(owner: u32) -> u32 {
    if owner == ROOT { 0o037 } else { 0o077 }
}

/// The id of root.
const ROOT: u32 = 0;

/// Where a signing key is kept: the PEM file of its private half, which its owner alone may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKeyFile(PathBuf);

/// Why a file gives no signing key, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("the signing key {file}: {problem}", file = file.display())]
pub struct KeyFileError {
    /// The file.
    pub file: PathBuf,
    /// Why.
    #[source]
    pub problem: KeyFileProblem,
}

/// The same without its name.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileProblem {
    /// There is none.
    #[error("it is not there; `annotation-statistics statement keygen` makes one")]
    Missing,
    /// Others than its owner may do something with it.
    #[error(
        "others than its owner may use it (mode {mode:04o}): `chmod 600` it, and make another key if they are not to have \
         this one"
    )]
    OpenToOthers {
        /// Its mode.
        mode: u32,
    },
    /// It is too large.
    #[error("it is larger than {} bytes, so it is not a key", MAX_BYTES)]
    TooLarge,
    /// It is not a key.
    #[error(transparent)]
    Invalid(#[from] InvalidSigningKey),
    /// A new one was to be made, and there is one.
    #[error("it is there, and never overwritten: statements were signed with it. Name another file")]
    Exists,
    /// The system has no random numbers.
    #[error("the system gives no random numbers to make one of")]
    NoRandomNumbers,
    /// It cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl KeyFileProblem {
    /// What an error of this kind means here; another one is what it is.
    fn of(error: io::Error, kind: ErrorKind, meaning: Self) -> Self {
        if error.kind() == kind { meaning } else { error.into() }
    }
}

impl SigningKeyFile {
    /// At this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Reads the key.
    ///
    /// # Errors
    /// When there is none, or others may read it.
    pub fn read(&self) -> Result<SigningKey, KeyFileError> {
        self.try_read().map_err(|problem| self.error(problem))
    }

    fn try_read(&self) -> Result<SigningKey, KeyFileProblem> {
        let file = File::open(&self.0)
            .map_err(|error| KeyFileProblem::of(error, ErrorKind::NotFound, KeyFileProblem::Missing))?;
        // Of the open file: the path may lead to another one by now.
        let metadata = file.metadata()?;
        let mode = metadata.mode() & 0o7777;
        if mode & refused_rights(metadata.uid()) != 0 {
            return Err(KeyFileProblem::OpenToOthers { mode });
        }
        let mut pem = String::new();
        let size = file
            .take(MAX_BYTES + 1)
            .read_to_string(&mut pem)
            .map_err(|error| KeyFileProblem::of(error, ErrorKind::InvalidData, InvalidSigningKey::NoBlock.into()));
        let pem = SecretString::from(pem);
        if u64::try_from(size?).unwrap_or(u64::MAX) > MAX_BYTES {
            return Err(KeyFileProblem::TooLarge);
        }
        Ok(SigningKey::from_pem(pem.expose_secret())?)
    }

    /// Makes a new key and its file, which its owner alone may read; returns the public half.
    ///
    /// # Errors
    /// When there is a file of this name, or it cannot be written. There is no new file then.
    pub fn create(&self) -> Result<PublicKey, KeyFileError> {
        self.try_create().map_err(|problem| self.error(problem))
    }

    fn try_create(&self) -> Result<PublicKey, KeyFileProblem> {
        let pem = SigningKey::generate().ok_or(KeyFileProblem::NoRandomNumbers)?;
        let key = SigningKey::from_pem(pem.expose_secret())?;
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.0);
        let mut file =
            opened.map_err(|error| KeyFileProblem::of(error, ErrorKind::AlreadyExists, KeyFileProblem::Exists))?;
        let written = file.write_all(pem.expose_secret().as_bytes()).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // A part of a key would be in the way of the next attempt.
            let _ = fs::remove_file(&self.0);
            return Err(error.into());
        }
        Ok(key.public_key().clone())
    }

    fn error(&self, problem: KeyFileProblem) -> KeyFileError {
        KeyFileError { file: self.0.clone(), problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_may_read_a_file_of_root_and_no_other() {
        for (owner, mode, is_refused, reason) in [
            (1_000, 0o600, false, "its owner alone"),
            (1_000, 0o400, false, "its owner alone"),
            (1_000, 0o640, true, "a group of a user"),
            (1_000, 0o604, true, "all"),
            (ROOT, 0o640, false, "as Kubernetes mounts a secret"),
            (ROOT, 0o440, false, "as systemd shows an access list"),
            (ROOT, 0o660, true, "a group may write it"),
            (ROOT, 0o644, true, "all"),
        ] {
            assert_eq!(mode & refused_rights(owner) != 0, is_refused, "{reason}: {owner} {mode:o}");
        }
    }
}
