//! Invalid settings.

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file or a variable does not read; the message names the key and where it is from.
    #[error("the settings cannot be read: {0}")]
    Unreadable(#[from] config::ConfigError),
    /// A value has the right form and cannot be used all the same.
    #[error("the setting {key} cannot be used: {why}")]
    Unusable {
        /// The key.
        key: &'static str,
        /// The reason, and what to do.
        why: String,
    },
}
