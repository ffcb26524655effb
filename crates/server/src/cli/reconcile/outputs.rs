//! What takes the values of a comparison: the first differences, and the file of all.

use super::arguments::Task;
use crate::cli::failure::Failure;
use annotation_statistics_domain::{BoxError, ErrorChain};
use annotation_statistics_reconciliation::{ComparedLine, ComparedLines, CsvLines, FirstDifferences};
use std::io::{self, Write};

/// Takes the values of a comparison.
pub(super) struct Outputs {
    first: FirstDifferences,
    all: Option<CsvLines<Box<dyn Write + Send>>>,
}

impl Outputs {
    /// Opens the file, where there is to be one.
    pub(super) fn open(task: &Task) -> Result<Self, Failure> {
        let begin = |output| CsvLines::new(output, task.csv).map_err(|error| failed(task, &error.into()));
        let all = if task.is_written { Some(begin(task.output.open()?)?) } else { None };
        Ok(Self { first: FirstDifferences::default(), all })
    }

    /// All was taken: the first differences.
    pub(super) fn close(self) -> io::Result<FirstDifferences> {
        if let Some(all) = self.all {
            all.into_output().flush()?;
        }
        Ok(self.first)
    }
}

impl ComparedLines for Outputs {
    fn take(&mut self, line: &ComparedLine<'_>) -> Result<(), BoxError> {
        self.first.take(line)?;
        self.all.as_mut().map_or(Ok(()), |all| all.take(line))
    }
}

/// The values could not be taken by the file.
pub(super) fn failed(task: &Task, error: &BoxError) -> Failure {
    Failure::Input(format!("{} is not complete: {}", task.output.name(), ErrorChain(error.as_ref())))
}
