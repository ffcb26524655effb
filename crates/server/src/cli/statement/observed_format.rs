//! The format of statements, with a progress bar and a stop signal.

use annotation_statistics_domain::{
    BoxError, PublicKey, RecordedTask, RowFrame, SignedStatement, StatementDraft, StatementFacts, StatementFormat,
};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How often, in tasks, the progress is updated.
const TASKS_PER_UPDATE: u64 = 1_000;

/// Another format, whose tasks are counted; a stop signal ends it with the next one.
#[derive(Clone)]
pub(super) struct ObservedFormat {
    format: Arc<dyn StatementFormat>,
    progress: ProgressBar,
    is_stopped: Arc<AtomicBool>,
}

impl ObservedFormat {
    pub(super) fn new(format: Arc<dyn StatementFormat>) -> Self {
        Self { format, progress: progress(), is_stopped: Arc::default() }
    }

    /// Ends what is being made.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.progress.finish_and_clear();
    }
}

fn progress() -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {human_pos} tasks, {per_sec}, {eta} left");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

impl StatementFormat for ObservedFormat {
    fn public_key(&self) -> &PublicKey {
        self.format.public_key()
    }

    fn begin(&self, facts: StatementFacts) -> Result<Box<dyn StatementDraft>, BoxError> {
        self.progress.set_length(facts.summary.totals().tasks);
        self.progress.set_position(0);
        let draft = self.format.begin(facts)?;
        Ok(Box::new(ObservedDraft { draft, observed: self.clone(), taken: 0 }))
    }
}

struct ObservedDraft {
    draft: Box<dyn StatementDraft>,
    observed: ObservedFormat,
    taken: u64,
}

impl StatementDraft for ObservedDraft {
    fn take(&mut self, task: &RecordedTask) -> Result<Option<RowFrame>, BoxError> {
        if self.observed.is_stopped.load(Ordering::Acquire) {
            return Err("it was stopped".into());
        }
        self.taken += 1;
        if self.taken.is_multiple_of(TASKS_PER_UPDATE) {
            self.observed.progress.set_position(self.taken);
        }
        self.draft.take(task)
    }

    fn finish(self: Box<Self>) -> Result<SignedStatement, BoxError> {
        self.draft.finish()
    }
}
