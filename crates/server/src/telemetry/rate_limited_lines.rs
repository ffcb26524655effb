//! Lines that come in floods are told at a bounded rate, and the rest is counted.

use super::line_budget::{LineBudget, PERIOD};
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// The target of the line that tells how many were held back.
const NOTICE: &str = "held_back";

/// The target of lines that tell of a change of state, each once: one that was left out would not be told again. Adapters
/// use it by its name.
pub(crate) const STATE: &str = "state";

/// The target of the lines of requests that were refused before anybody was let in.
const STRANGER: &str = "request::stranger";

/// The budgets that all lines of the program share.
#[derive(Clone)]
pub(super) struct LineRateLimit {
    shared: Arc<(Mutex<Budgets>, Condvar)>,
    start: Instant,
}

struct Budgets {
    diagnostics: LineBudget,
    strangers: LineBudget,
}

impl Budgets {
    /// The one that a line comes out of; `None` for the lines that are always told.
    fn of(&mut self, metadata: &Metadata<'_>) -> Option<&mut LineBudget> {
        match metadata.target() {
            NOTICE | STATE => None,
            STRANGER => Some(&mut self.strangers),
            _ => (*metadata.level() <= Level::WARN).then_some(&mut self.diagnostics),
        }
    }

    fn owe(&self) -> bool {
        self.diagnostics.owes() || self.strangers.owes()
    }
}

impl LineRateLimit {
    /// At most so many lines a second that warn or tell of a fault, and so many of strangers.
    pub(super) fn new(diagnostics: usize, strangers: usize) -> Self {
        let budgets = Budgets { diagnostics: LineBudget::new(diagnostics), strangers: LineBudget::new(strangers) };
        Self { shared: Arc::new((Mutex::new(budgets), Condvar::new())), start: Instant::now() }
    }

    /// Starts the thread that tells how many lines were held back, a second after the first of them.
    pub(super) fn report_in_background(&self) -> std::io::Result<()> {
        let debounce = self.clone();
        thread::Builder::new().name("log".into()).spawn(move || debounce.report_forever()).map(drop)
    }

    fn report_forever(&self) {
        loop {
            let owing = self.shared.1.wait_while(self.budgets(), |budgets| !budgets.owe());
            drop(owing.unwrap_or_else(PoisonError::into_inner));
            thread::sleep(PERIOD);
            self.tell();
        }
    }

    /// Tells how many lines were held back, if any.
    pub(super) fn tell(&self) {
        let now = self.now();
        let mut budgets = self.budgets();
        let (diagnostics, strangers) = (budgets.diagnostics.settle(now), budgets.strangers.settle(now));
        // Telling takes them again.
        drop(budgets);
        if let Some(lines) = diagnostics {
            tracing::warn!(target: NOTICE, lines, "diagnostic lines were held back: log.max_diagnostics_per_second");
        }
        if let Some(lines) = strangers {
            tracing::info!(target: NOTICE, lines, "lines of strangers were held back: log.max_strangers_per_second");
        }
    }

    fn admits(&self, event: &Event<'_>) -> bool {
        let metadata = event.metadata();
        if *metadata.level() > Level::WARN && metadata.target() != STRANGER {
            return true;
        }
        let mut budgets = self.budgets();
        let owed = budgets.owe();
        let admitted = budgets.of(metadata).is_none_or(|budget| budget.admit(self.now()));
        if !admitted && !owed {
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

/// Writes the lines that the budget lets through as another format does; of the others, nothing.
pub(super) struct RateLimitedLines<Format> {
    format: Format,
    debounce: LineRateLimit,
}

impl<Format> RateLimitedLines<Format> {
    pub(super) fn new(format: Format, debounce: LineRateLimit) -> Self {
        Self { format, debounce }
    }
}

impl<S, N, Format> FormatEvent<S, N> for RateLimitedLines<Format>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    Format: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        if self.debounce.admits(event) { self.format.format_event(context, writer, event) } else { Ok(()) }
    }
}
