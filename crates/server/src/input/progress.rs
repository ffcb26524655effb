//! The progress of an input: a bar on a terminal, a line at intervals elsewhere.

use crate::terminal::remark;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Read, Seek, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a line is written where there is no terminal.
const PLAIN_INTERVAL: Duration = Duration::from_secs(5);

/// How often the spinner of a phase moves whose progress is not known.
const SPINNER_INTERVAL: Duration = Duration::from_millis(200);

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

    /// Follows the place that is read at.
    pub(super) fn seeking<R: Read + Seek>(&self, input: R) -> impl Read + Seek + use<R> {
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

    /// Says that the tasks are merged once all are read: the last part of an import, which can take as long as reading.
    pub(crate) fn then_merging<I: Iterator>(&self, tasks: I) -> impl Iterator<Item = I::Item> + use<I> {
        let (progress, mut tasks) = (self.clone(), tasks.fuse());
        let mut is_merging = false;
        std::iter::from_fn(move || {
            let task = tasks.next();
            if task.is_none() && !std::mem::replace(&mut is_merging, true) {
                progress.merging();
            }
            task
        })
    }

    fn merging(&self) {
        let number = HumanCount(self.tasks.load(Ordering::Relaxed));
        self.bar.set_style(style("{prefix} {spinner}  {msg}, {elapsed}"));
        self.bar.set_message(format!("merging {number} tasks into the database"));
        if self.bar.is_hidden() {
            if self.started.elapsed() >= PLAIN_INTERVAL {
                remark(format_args!("{}: {number} tasks read, merging them into the database", self.name));
            }
        } else {
            self.bar.enable_steady_tick(SPINNER_INTERVAL);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_all_tasks_are_read_the_phase_is_named_that_follows() {
        let progress = InputProgress::start("tasks.jsonl", Some(100));
        let mut tasks = progress.then_merging(progress.count_tasks(1..=2));
        for (next, message) in [(Some(1), ""), (Some(2), ""), (None, "merging 2 tasks into the database")] {
            assert_eq!((tasks.next(), progress.bar.message().as_str()), (next, message));
        }
        assert_eq!(tasks.next(), None);
    }
}
