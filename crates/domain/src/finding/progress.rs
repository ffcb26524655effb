//! How far an annotation request is.

use crate::TaskStatus;
use std::fmt;

/// How far the tasks of an annotation request are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It has no task.
    Empty,
    /// A task is not in the pool of complete ones.
    Open,
    /// All of its tasks are in the pool of complete ones.
    Complete,
}

impl Progress {
    /// All, in their order.
    pub const ALL: [Self; 3] = [Self::Empty, Self::Open, Self::Complete];

    /// Of a request with so many tasks, so many of which are complete.
    pub fn of(tasks: u64, complete: u64) -> Self {
        match tasks {
            0 => Self::Empty,
            _ if complete < tasks => Self::Open,
            _ => Self::Complete,
        }
    }

    /// Its name in the interface.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Open => "open",
            Self::Complete => "complete",
        }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What the tasks of the requests that are looked for have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFilter {
    /// All of them are that far.
    Progress(Progress),
    /// One of them has this status.
    HasTasks(TaskStatus),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_follows_from_the_numbers_of_tasks() {
        let progress = [(0, 0), (3, 0), (3, 2), (3, 3)].map(|(tasks, complete)| Progress::of(tasks, complete).name());
        assert_eq!(progress, ["empty", "open", "open", "complete"]);
    }
}
