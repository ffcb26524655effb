//! Distinguishes small writes from large ones, by reading as much of the stream as a small one may have.

use crate::recording::stage::stage_error::StageError;
use annotation_statistics_domain::{RecordedTask, TaskStream};

/// The most tasks that are recorded without a staging table. Up to here what a staging table costs whatever its size, four
/// temporary tables with 160 rows of the catalog, is more than what COPY saves.
pub(crate) const FEW_TASKS: usize = 500;

/// The most operation items that they may have in all, whose keys have up to 1,024 bytes each: what is read ahead must
/// fit into memory, several times over.
const FEW_ITEMS: usize = 20_000;

/// A stream of which the start has been read.
pub(crate) enum Incoming {
    /// That was all.
    Few(Vec<RecordedTask>),
    /// There is more; the whole stream.
    Many(TaskStream),
}

impl Incoming {
    /// Reads up to one task more than `most`.
    pub(crate) fn read(mut tasks: TaskStream, most: usize) -> Result<Self, StageError> {
        let (mut few, mut items) = (Vec::new(), 0);
        while few.len() <= most && items <= FEW_ITEMS {
            let Some(task) = tasks.next() else { return Ok(Self::Few(few)) };
            let task = task.map_err(StageError::Input)?;
            items += task.statistics.instance_info().iter().len() + task.item_kinds.iter().len();
            few.push(task);
        }
        Ok(Self::Many(Box::new(few.into_iter().map(Ok).chain(tasks))))
    }
}
