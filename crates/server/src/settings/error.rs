//! Invalid settings.

use super::origin::{Origin, SettingOrigin};

/// Why the settings are invalid.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file or a variable cannot be parsed; the message names the key and its source.
    #[error("the settings cannot be read: {0}")]
    Unreadable(#[from] config::ConfigError),
    /// No setting has this name.
    #[error(
        "the settings cannot be read: there is no setting {key} ({origin}); `annotation-statistics config print` lists all"
    )]
    Unknown {
        /// The name.
        key: String,
        /// Where it is.
        origin: Origin,
    },
    /// A value has the right type, but is invalid.
    #[error("the setting {key} cannot be used: {why}")]
    Unusable {
        /// The key.
        key: &'static str,
        /// The reason, and what to do.
        why: String,
    },
    /// The same, with the value that was given.
    #[error("{error}; {given}")]
    Given {
        /// The reason.
        error: Box<Self>,
        /// What the setting is, and where that is from.
        given: SettingOrigin,
    },
}

impl SettingsError {
    /// Adds what was given for the setting that the error is about.
    pub(crate) fn with_given<'a>(self, given: impl FnOnce(&str) -> Option<&'a SettingOrigin>) -> Self {
        let found = match &self {
            Self::Unusable { key, .. } => given(key),
            Self::Unreadable(
                config::ConfigError::At { key: Some(key), .. } | config::ConfigError::Type { key: Some(key), .. },
            ) => given(key),
            Self::Unreadable(_) | Self::Unknown { .. } | Self::Given { .. } => None,
        };
        match found.cloned() {
            Some(given) => Self::Given { error: Box::new(self), given },
            None => self,
        }
    }
}
