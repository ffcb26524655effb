//! The log, on standard error.

use super::json_line::{JsonLines, UtcTime};
use super::rate_limited_lines::{LineRateLimit, RateLimitedLines};
use super::span_fields::SpanFields;
use crate::settings::{LogFormat, LogSettings, SettingsError};
use std::io::{IsTerminal, stderr};
use tracing_subscriber::filter::{LevelFilter, ParseError, Targets};
use tracing_subscriber::fmt::format::format;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The log lines of the program, until it is dropped.
pub(crate) struct Telemetry(LineRateLimit);

impl Drop for Telemetry {
    fn drop(&mut self) {
        self.0.report();
    }
}

/// Starts writing log lines to standard error.
///
/// # Errors
/// When `log.filter` is not a filter.
pub(crate) fn start_log(settings: &LogSettings) -> Result<Telemetry, SettingsError> {
    let unusable = |error: ParseError| SettingsError::Unusable { key: "log.filter", why: error.to_string() };
    let filter: Targets = settings.filter.parse().map_err(unusable)?;
    let terminal = stderr().is_terminal();
    let rate_limit =
        LineRateLimit::new(settings.max_diagnostics_per_second.get(), settings.max_strangers_per_second.get());
    let lines = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(stderr).with_ansi(terminal);
    let is_pretty = settings.format == LogFormat::Pretty || (settings.format == LogFormat::Auto && terminal);
    let started = if is_pretty {
        let format = format().with_ansi(terminal).compact();
        lines.event_format(RateLimitedLines::new(format, rate_limit.clone())).finish().with(filter).try_init()
    } else {
        let format = RateLimitedLines::new(JsonLines::new(UtcTime), rate_limit.clone());
        lines.fmt_fields(SpanFields::default()).event_format(format).finish().with(filter).try_init()
    };
    // A second start in one process, as tests do it, keeps the first.
    if started.is_ok()
        && let Err(error) = rate_limit.report_in_background()
    {
        tracing::error!(fault = %error, "lines that are held back are only reported at the end");
    }
    Ok(Telemetry(rate_limit))
}
