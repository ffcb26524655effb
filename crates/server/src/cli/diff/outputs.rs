//! What takes the tasks that differ: the first ones, and the file of all.

use super::arguments::Task;
use crate::cli::failure::Failure;
use annotation_statistics_domain::BoxError;
use annotation_statistics_statements::{ChangedTask, DiffCsv, DiffError, DiffLines, FirstLines, KnownSums};
use std::io::Write;

/// The most tasks that are kept, as many as a page of the service has.
const MAX_KEPT: usize = 1_000;

/// Takes the tasks that differ.
pub(super) struct Outputs {
    first: FirstLines,
    all: Option<DiffCsv<Box<dyn Write + Send>>>,
}

impl Outputs {
    /// Opens the file, where there is to be one.
    pub(super) fn open(task: &Task) -> Result<Self, Failure> {
        let all = task.is_written.then(|| task.output.open()).transpose()?;
        let all = all.map(|output| DiffCsv::new(output, task.byte_order_mark));
        Ok(Self { first: FirstLines::new(MAX_KEPT), all })
    }

    /// All was taken: the first tasks.
    pub(super) fn close(self, task: &Task) -> Result<FirstLines, Failure> {
        let flushed = self.all.map_or(Ok(()), |all| all.into_output().flush());
        flushed.map_err(|error| task.failed(&DiffError::Untaken(error.into())))?;
        Ok(self.first)
    }
}

impl DiffLines for Outputs {
    fn begin(&mut self, known: Option<&[KnownSums; 2]>) -> Result<(), BoxError> {
        self.all.as_mut().map_or(Ok(()), |all| all.begin(known))
    }

    fn take(&mut self, task: &ChangedTask<'_>) -> Result<(), BoxError> {
        self.first.take(task)?;
        self.all.as_mut().map_or(Ok(()), |all| all.take(task))
    }
}
