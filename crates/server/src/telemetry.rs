//! Log lines.

use crate::settings::{LogFormat, LogSettings, SettingsError};
use std::io::{IsTerminal, stderr};
use tracing_subscriber::EnvFilter;

/// Starts writing log lines to standard error.
///
/// # Errors
/// When `log.filter` is not a filter.
pub(crate) fn start(settings: &LogSettings) -> Result<(), SettingsError> {
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|fault| SettingsError::Unusable { key: "log.filter", why: fault.to_string() })?;
    let terminal = stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(terminal);
    // A second start in one process, as tests do it, keeps the first.
    let _ = match settings.format {
        LogFormat::Pretty => lines.compact().try_init(),
        LogFormat::Auto if terminal => lines.compact().try_init(),
        LogFormat::Auto | LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    Ok(())
}
