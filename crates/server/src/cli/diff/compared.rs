//! What a comparison comes to.

use super::arguments::Task;
use super::outputs::Outputs;
use super::rows::Rows;
use crate::cli::failure::Failure;
use annotation_statistics_statements::{Comparison, Diff, FirstLines};

/// What a comparison comes to.
pub(super) struct Compared {
    pub(super) diff: Diff,
    pub(super) first: FirstLines,
}

impl Compared {
    /// A comparison with all rows of the later state.
    pub(super) fn new(task: &Task, mut comparison: Comparison<Rows, Outputs>, to: Rows) -> Result<Self, Failure> {
        let taken = comparison.take_all(to).and_then(|()| comparison.finish());
        let (diff, outputs) = taken.map_err(|error| task.failed(&error))?;
        Ok(Self { diff, first: outputs.close(task)? })
    }
}
