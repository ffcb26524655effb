//! Invalid settings.

/// Why the settings are invalid.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file or a variable cannot be parsed; the message names the key and its source.
    #[error("the settings cannot be read: {0}")]
    Unreadable(#[from] config::ConfigError),
    /// A value has the right type, but is invalid.
    #[error("the setting {key} cannot be used: {why}")]
    Unusable {
        /// The key.
        key: &'static str,
        /// The reason, and what to do.
        why: String,
    },
}
