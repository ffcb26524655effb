//! The progress of an input: a bar on a terminal, a line at intervals elsewhere.

use crate::terminal::remark;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Read, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a line is written where there is no terminal.
const PLAIN_INTERVAL: Duration = Duration::from_secs(5);

/// How often, in tasks, the progress is updated.
const TASKS_PER_UPDATE: u64 = 1_000;

/// The progress of one input.
#[derive(Clone)]
pub(crate) struct InputProgress {
    name: Arc<str>,
    bar: ProgressBar,
    tasks: Arc<AtomicU64>,
    started: Instant,
}

impl InputProgress {
    /// Of an input of `size` bytes, where that is known.
    pub(super) fn start(name: &str, size: Option<u64>) -> Self {
        let bar = match size {
            _ if !stderr().is_terminal() => ProgressBar::hidden(),
            Some(bytes) => ProgressBar::new(bytes)
                .with_style(style("{prefix} {wide_bar} {percent:>3} %  {msg}  {bytes_per_sec}, {eta} left")),
            None => ProgressBar::no_length().with_style(style("{prefix} {spinner}  {msg}  {bytes}, {elapsed}")),
        };
        bar.set_prefix(name.to_owned());
        Self { name: name.into(), bar, tasks: Arc::default(), started: Instant::now() }
    }

    /// Counts the bytes that are read.
    pub(super) fn reading<R: Read + Send + 'static>(&self, input: R) -> impl Read + Send + 'static {
        self.bar.wrap_read(input)
    }

    /// Counts the tasks that are read.
    pub(crate) fn count_tasks<I: Iterator>(&self, tasks: I) -> impl Iterator<Item = I::Item> + use<I> {
        let progress = self.clone();
        let mut written = Instant::now();
        tasks.inspect(move |_| {
            let number = progress.tasks.fetch_add(1, Ordering::Relaxed) + 1;
            if !number.is_multiple_of(TASKS_PER_UPDATE) {
                return;
            }
            progress.bar.set_message(format!("{} tasks", HumanCount(number)));
            if progress.bar.is_hidden() && written.elapsed() >= PLAIN_INTERVAL {
                written = Instant::now();
                remark(format_args!("{}: {} tasks read", progress.name, HumanCount(number)));
            }
        })
    }

    /// Removes the bar; returns how long it took.
    pub(crate) fn finish(self) -> Duration {
        self.bar.finish_and_clear();
        self.started.elapsed()
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
