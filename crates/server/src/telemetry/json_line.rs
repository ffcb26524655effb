//! Log lines as JSON, without parsing the fields of the span for each line as the formatter of `tracing_subscriber` does.

use super::json_members::JsonMembers;
use super::span_fields::SpanFields;
use jiff::Timestamp;
use jiff::fmt::StdFmtWrite;
use jiff::fmt::temporal::DateTimePrinter;
use std::fmt;
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// The size of most lines.
const LINE_BYTES: usize = 512;

/// Writes timestamp, level, fields, target and the span with its fields: the bytes of `format().json().flatten_event(true)
/// .with_span_list(false)`.
pub(super) struct JsonLines<Time> {
    time: Time,
}

impl<Time> JsonLines<Time> {
    pub(super) fn new(time: Time) -> Self {
        Self { time }
    }
}

impl<S, Time> FormatEvent<S, SpanFields> for JsonLines<Time>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    Time: FormatTime,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, SpanFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut time = String::with_capacity(32);
        self.time.format_time(&mut Writer::new(&mut time))?;
        let mut line = JsonMembers::with_capacity(LINE_BYTES);
        line.push(b"{\"timestamp\":");
        line.value(&time);
        line.member("level", event.metadata().level().as_str());
        event.record(&mut line);
        line.member("target", event.metadata().target());
        let parent = event.parent().and_then(|id| context.span(id));
        if let Some(span) = parent.or_else(|| context.lookup_current()) {
            line.push(b",\"span\":");
            let extensions = span.extensions();
            let fields = extensions.get::<FormattedFields<SpanFields>>().map_or("{}", |fields| fields.as_str());
            let members = fields.strip_suffix('}').unwrap_or("{");
            line.push(members.as_bytes());
            line.push(if members == "{" { b"\"name\":" } else { b",\"name\":" });
            line.value(span.name());
            line.push(b"}");
        }
        line.push(b"}\n");
        writer.write_str(line.text()?)
    }
}

/// The time in UTC, to the microsecond.
pub(super) struct UtcTime;

impl FormatTime for UtcTime {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        const MICROSECONDS: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
        MICROSECONDS.print_timestamp(&Timestamp::now(), StdFmtWrite(writer)).map_err(|_| fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};
    use tracing::{debug_span, error, error_span, info, warn};
    use tracing_subscriber::fmt::FormatFields;
    use tracing_subscriber::fmt::format::{JsonFields, format};

    struct Noon;

    impl FormatTime for Noon {
        fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
            writer.write_str("2025-04-08T12:00:00.000000Z")
        }
    }

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Lines of all kinds of values, in and out of spans.
    fn write_lines() {
        let nothing: Option<u64> = None;
        info!("alone");
        info!(target: "elsewhere", text = "a \"quoted\"\n\u{7} text of 차", "with {} arguments", 2);
        warn!(
            yes = true,
            less = -1,
            more = u64::MAX,
            wide = u128::MAX,
            half = 0.5,
            whole = 3.0,
            none = nothing,
            "numbers"
        );
        info!(large = 1e300, small = 1e-7, infinite = f64::INFINITY, "more numbers");
        let failed: Result<(), io::Error> = Err(io::Error::other("it \\ failed"));
        let outer = error_span!("request", request_id = %"4bf92f3577b34da6a3ce929d0e0e4736").entered();
        error!(cause = %failed.as_ref().unwrap_err(), debug = ?failed, path.with.dots = 1, "in a span");
        let inner = debug_span!("inner", z = 1, a = "two", late = tracing::field::Empty).entered();
        info!("in a span of a span");
        inner.record("late", "now");
        info!("with a field that was recorded later");
        drop(inner);
        let _bare = error_span!("bare").entered();
        info!("in a span without fields");
        info!(parent: &outer, "in a span that is not the current one");
        info!(parent: None, "in none");
    }

    fn lines_of<N, F>(fields: N, format: F) -> String
    where
        N: for<'a> FormatFields<'a> + Send + Sync + 'static,
        F: FormatEvent<tracing_subscriber::Registry, N> + Send + Sync + 'static,
    {
        use tracing_subscriber::layer::SubscriberExt;
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        let layer = layer.fmt_fields(fields).event_format(format);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), write_lines);
        let written = lines.0.lock().unwrap().clone();
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn a_time_has_six_digits_of_a_second_also_where_they_are_zeros() {
        let mut text = String::new();
        UtcTime.format_time(&mut Writer::new(&mut text)).unwrap();
        let digits = text.replace(|character: char| character.is_ascii_digit(), "0");
        assert_eq!(digits, "0000-00-00T00:00:00.000000Z");
    }

    #[test]
    fn any_line_has_the_bytes_of_the_formatter_of_tracing_subscriber() {
        let theirs = format().json().flatten_event(true).with_span_list(false).with_timer(Noon);
        let theirs = lines_of(JsonFields::new(), theirs);
        let ours = lines_of(SpanFields::default(), JsonLines::new(Noon));
        assert_eq!(ours.lines().collect::<Vec<_>>(), theirs.lines().collect::<Vec<_>>());
        assert_eq!(ours.lines().count(), 10);
    }
}
