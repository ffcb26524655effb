//! Log lines.

pub(crate) mod clock_metrics;
pub(crate) mod database_metrics;
pub(crate) mod debounced_lines;
pub(crate) mod diagnostic_budget;
pub(crate) mod metered_recorder;
pub(crate) mod metrics;
pub(crate) mod process_metrics;
pub(crate) mod span_json;
pub(crate) mod trace_export;

use crate::settings::SettingsError;
use crate::settings::operation::{LogFormat, LogSettings};
use crate::telemetry::debounced_lines::{Debounce, DebouncedLines};
use std::io::{IsTerminal, stderr};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{JsonFields, format};

/// The log lines of the program, until it is dropped.
pub(crate) struct Telemetry(Debounce);

impl Drop for Telemetry {
    fn drop(&mut self) {
        self.0.tell();
    }
}

/// Starts writing log lines to standard error.
///
/// # Errors
/// When `log.filter` is not a filter.
pub(crate) fn start(settings: &LogSettings) -> Result<Telemetry, SettingsError> {
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|fault| SettingsError::Unusable { key: "log.filter", why: fault.to_string() })?;
    let terminal = stderr().is_terminal();
    let debounce = Debounce::new(settings.max_diagnostics_per_second.get(), settings.max_strangers_per_second.get());
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(terminal);
    let is_pretty = settings.format == LogFormat::Pretty || (settings.format == LogFormat::Auto && terminal);
    let started = if is_pretty {
        let format = format().with_ansi(terminal).compact();
        lines.event_format(DebouncedLines::new(format, debounce.clone())).try_init()
    } else {
        let format = format().json().flatten_event(true).with_span_list(false);
        lines.event_format(DebouncedLines::new(format, debounce.clone())).fmt_fields(JsonFields::new()).try_init()
    };
    // A second start in one process, as tests do it, keeps the first.
    if started.is_ok()
        && let Err(fault) = debounce.tell_in_the_background()
    {
        tracing::error!(%fault, "lines that are held back are only told at the end");
    }
    Ok(Telemetry(debounce))
}
