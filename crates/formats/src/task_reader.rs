//! What the reader of each format implements.

use crate::{FilePlace, FoundOperators, ReadError, Report, TaskCounts};

/// Reads the tasks of one format.
pub(crate) trait TaskReader {
    /// The next task, or `None` at the end of the file.
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadError>;

    /// What the file lists, so far; `None` in formats that list nothing.
    fn found_operators(&self) -> Option<&FoundOperators> {
        None
    }

    /// Where in the file the last task was read.
    fn place(&self) -> FilePlace {
        FilePlace::default()
    }
}
