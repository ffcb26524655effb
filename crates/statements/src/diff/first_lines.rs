//! One page of the tasks that differ.

use super::changed_task::{ChangedTask, TaskState};
use super::comparison::DiffLines;
use super::known_sums::KnownSums;
use annotation_statistics_domain::{BoxError, TaskId};
use serde::Serialize;

/// The first tasks that differ, and whether there are more.
#[derive(Debug, Clone)]
pub struct FirstLines {
    lines: Vec<KeptLine>,
    max: usize,
    has_more: bool,
    is_page: bool,
}

/// A task that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptLine {
    /// The task.
    pub id: TaskId,
    /// What happened to it: `added`, `removed` or `changed`; then perhaps `delivered`, `reopened` or `reworked`.
    pub flags: Vec<&'static str>,
    /// As it was; none where it was not.
    pub from: Option<TaskState>,
    /// As it is; none where it is not.
    pub to: Option<TaskState>,
}

impl FirstLines {
    /// So many, while all are compared.
    pub const fn new(max: usize) -> Self {
        Self { lines: Vec::new(), max, has_more: false, is_page: false }
    }

    /// So many; then nothing more is needed.
    pub const fn page(max: usize) -> Self {
        Self { lines: Vec::new(), max, has_more: false, is_page: true }
    }

    /// Those that were kept.
    pub fn lines(&self) -> &[KeptLine] {
        &self.lines
    }

    /// Whether there are more.
    pub const fn has_more(&self) -> bool {
        self.has_more
    }
}

impl DiffLines for FirstLines {
    fn begin(&mut self, _: Option<&[KnownSums; 2]>) -> Result<(), BoxError> {
        Ok(())
    }

    fn take(&mut self, task: &ChangedTask<'_>) -> Result<(), BoxError> {
        if self.lines.len() >= self.max {
            self.has_more = true;
            return Ok(());
        }
        let state = |task: Option<&_>| task.cloned().map(TaskState);
        let (flags, from, to) = (task.flags().collect(), state(task.from), state(task.to));
        self.lines.push(KeptLine { id: task.id, flags, from, to });
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.is_page && self.has_more
    }
}
