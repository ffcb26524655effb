//! Where the master key is kept.

use crate::settings::{AuthSettings, Secret, SettingsError};
use annotation_statistics_storage::MasterKey;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The setting that has the master key itself.
const KEY: &str = "auth.master_key";
/// The setting with the path of its file.
const FILE: &str = "auth.master_key_file";

/// Where the master key is kept: in a setting, else in a file.
#[derive(Debug, Clone)]
pub(crate) struct MasterKeyFile {
    key: Secret,
    file: PathBuf,
}

impl MasterKeyFile {
    /// Where the settings say that it is.
    pub(crate) fn of(settings: &AuthSettings) -> Self {
        Self::new(settings, &settings.master_key_file().unwrap_or_default())
    }

    /// The setting, or else this file; an empty path is none.
    pub(crate) fn new(settings: &AuthSettings, file: &Path) -> Self {
        Self { key: settings.master_key.clone(), file: file.to_path_buf() }
    }

    /// The master key.
    pub(crate) fn read(&self) -> Result<MasterKey, SettingsError> {
        self.read_if_there()?.ok_or_else(|| {
            self.unusable(
                &"it is not there; give this program the file that the keys were made with, or set auth.master_key",
            )
        })
    }

    /// The master key; `None` where there is no file.
    pub(crate) fn read_if_there(&self) -> Result<Option<MasterKey>, SettingsError> {
        if let Some(text) = self.key.reveal() {
            let key = MasterKey::from_hex(text);
            return key.map(Some).map_err(|error| SettingsError::Unusable { key: KEY, why: error.to_string() });
        }
        match fs::read_to_string(&self.file) {
            Ok(text) => MasterKey::from_hex(&text).map(Some).map_err(|error| self.unusable(&error)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unusable(&error)),
        }
    }

    /// Creates the file with a new master key, readable for this user only; reads it where it exists by now.
    pub(crate) fn make(&self) -> Result<MasterKey, SettingsError> {
        if self.file.as_os_str().is_empty() {
            return Err(self.unusable(&"this user has no home folder: name a file, or set auth.master_key"));
        }
        let key = MasterKey::random();
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).map_err(|error| self.unusable(&error))?;
        }
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.file);
        match made.and_then(|mut file| writeln!(file, "{}", key.to_hex()).and_then(|()| file.sync_all())) {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => self.read(),
            Err(error) => Err(self.unusable(&error)),
        }
    }

    /// The name of the file.
    pub(crate) fn name(&self) -> String {
        self.file.display().to_string()
    }

    fn unusable(&self, why: &dyn std::fmt::Display) -> SettingsError {
        SettingsError::Unusable { key: FILE, why: format!("{}: {why}", self.name()) }
    }
}
