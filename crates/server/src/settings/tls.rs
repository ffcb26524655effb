//! Settings of encryption.

use super::error::SettingsError;
use super::values::{Time, non_empty};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// `[tls]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct TlsSettings {
    pub certificate_file: PathBuf,
    pub private_key_file: PathBuf,
    pub reload_interval: Time,
    pub handshake_timeout: Time,
    pub hsts_days: u32,
    pub expiry_warning_days: u32,
}

impl TlsSettings {
    /// Both files; `None` where there is no encryption.
    ///
    /// # Errors
    /// When one is named without the other.
    pub(crate) fn files(&self) -> Result<Option<(&Path, &Path)>, SettingsError> {
        match (non_empty(&self.certificate_file), non_empty(&self.private_key_file)) {
            (Some(certificate), Some(private_key)) => Ok(Some((certificate, private_key))),
            (None, None) => Ok(None),
            (Some(_), None) => Err(SettingsError::missing("tls.private_key_file", "tls.certificate_file")),
            (None, Some(_)) => Err(SettingsError::missing("tls.certificate_file", "tls.private_key_file")),
        }
    }
}

impl SettingsError {
    fn missing(key: &'static str, other: &'static str) -> Self {
        Self::Unusable { key, why: format!("it is empty, and {other} is not: name both, or none for plain HTTP") }
    }
}
