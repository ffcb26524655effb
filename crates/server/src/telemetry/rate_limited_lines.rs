//! A rate limit of log lines: warnings and refused requests over the limit are counted instead of written.

use super::line_budget::{LineBudget, PERIOD};
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// The target of the line with the number of lines that were held back.
const NOTICE: &str = "held_back";

/// The target of lines that report a change of state, each once: they are never held back, as they would not be repeated.
/// Adapters use it by its name.
pub(crate) const STATE: &str = "state";

/// The target of the lines of requests that were refused before they were authorized.
const UNAUTHORIZED: &str = "request::stranger";

/// The rate limits that all lines of the program share.
#[derive(Clone)]
pub(super) struct LineRateLimit {
    shared: Arc<(Mutex<Budgets>, Condvar)>,
    start: Instant,
}

struct Budgets {
    diagnostics: LineBudget,
    unauthorized: LineBudget,
}

impl Budgets {
    /// The budget of a line; `None` for lines that are always written.
    fn of(&mut self, metadata: &Metadata<'_>) -> Option<&mut LineBudget> {
        match metadata.target() {
            NOTICE | STATE => None,
            UNAUTHORIZED => Some(&mut self.unauthorized),
            _ => (*metadata.level() <= Level::WARN).then_some(&mut self.diagnostics),
        }
    }

    fn hold_back(&self) -> bool {
        self.diagnostics.holds_back() || self.unauthorized.holds_back()
    }
}

impl LineRateLimit {
    /// At most so many warnings and errors a second, and so many lines of unauthorized requests.
    pub(super) fn new(diagnostics: usize, unauthorized: usize) -> Self {
        let budgets =
            Budgets { diagnostics: LineBudget::new(diagnostics), unauthorized: LineBudget::new(unauthorized) };
        Self { shared: Arc::new((Mutex::new(budgets), Condvar::new())), start: Instant::now() }
    }

    /// Starts the thread that reports how many lines were held back, a second after the first of them.
    pub(super) fn report_in_background(&self) -> std::io::Result<()> {
        let rate_limit = self.clone();
        thread::Builder::new().name("log".into()).spawn(move || rate_limit.report_forever()).map(drop)
    }

    fn report_forever(&self) {
        loop {
            let held_back = self.shared.1.wait_while(self.budgets(), |budgets| !budgets.hold_back());
            drop(held_back.unwrap_or_else(PoisonError::into_inner));
            thread::sleep(PERIOD);
            self.report();
        }
    }

    /// Reports how many lines were held back, if any.
    pub(super) fn report(&self) {
        let now = self.now();
        let mut budgets = self.budgets();
        let (diagnostics, unauthorized) =
            (budgets.diagnostics.take_held_back(now), budgets.unauthorized.take_held_back(now));
        // Reporting locks them again.
        drop(budgets);
        if let Some(lines) = diagnostics {
            tracing::warn!(target: NOTICE, lines, "diagnostic lines were held back: log.max_diagnostics_per_second");
        }
        if let Some(lines) = unauthorized {
            tracing::info!(target: NOTICE, lines, "lines of unauthorized requests were held back: log.max_strangers_per_second");
        }
    }

    fn admits(&self, event: &Event<'_>) -> bool {
        let metadata = event.metadata();
        if *metadata.level() > Level::WARN && metadata.target() != UNAUTHORIZED {
            return true;
        }
        let mut budgets = self.budgets();
        let held_back_before = budgets.hold_back();
        let admitted = budgets.of(metadata).is_none_or(|budget| budget.admit(self.now()));
        if !admitted && !held_back_before {
            self.shared.1.notify_one();
        }
        admitted
    }

    fn budgets(&self) -> MutexGuard<'_, Budgets> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }
}

/// Writes the lines within the rate limit in another format, and drops the others.
pub(super) struct RateLimitedLines<Format> {
    format: Format,
    rate_limit: LineRateLimit,
}

impl<Format> RateLimitedLines<Format> {
    pub(super) fn new(format: Format, rate_limit: LineRateLimit) -> Self {
        Self { format, rate_limit }
    }
}

impl<S, N, Format> FormatEvent<S, N> for RateLimitedLines<Format>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    Format: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        if self.rate_limit.admits(event) { self.format.format_event(context, writer, event) } else { Ok(()) }
    }
}
