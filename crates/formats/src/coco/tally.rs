//! Counts for many tasks at once, in a few bytes each.

use crate::coco::runs::{Block, BlockReader, Entry, Run, RunWriter, merge};

/// Counts by task and key, where a file gives both as it likes and all must be kept until its end.
///
/// New counts go into a small buffer. A full one is sorted, summed and packed into a run, and eight runs of a size
/// are merged into one of the next: 3 to 4 bytes for each pair of a task and a key where tasks come in order, twice
/// that where they do not.
#[derive(Debug, Default)]
pub(super) struct Tally {
    buffer: Vec<Entry>,
    /// Runs by size: each is about eight times as large as one of the place before.
    levels: Vec<Vec<Run>>,
}

/// The size of the buffer: 1 MiB.
const BUFFERED: usize = 1 << 16;

/// Among so many of the last counts a new one is put in order, as the annotations of an image mostly come together: then
/// little is left to sort.
const NEAR: usize = 16;

/// So many runs of a size become one of the next.
const FAN_IN: usize = 8;

impl Tally {
    pub(super) fn add(&mut self, task: i64, key: u32) {
        if self.buffer.len() >= BUFFERED {
            let run = self.pack_buffer();
            self.add_run(run);
        }
        let start = self.buffer.len().saturating_sub(NEAR);
        let last = self.buffer.get(start..).unwrap_or_default();
        let place = last.partition_point(|entry| (entry.task, entry.key) < (task, key));
        self.buffer.insert(start + place, Entry { task, key, count: 1 });
    }

    fn pack_buffer(&mut self) -> Run {
        // What came in order is known to be so at a glance.
        self.buffer.sort();
        let mut writer = RunWriter::default();
        self.buffer.drain(..).for_each(|entry| writer.push(entry));
        writer.finish()
    }

    fn add_run(&mut self, mut run: Run) {
        for runs in &mut self.levels {
            runs.push(run);
            if runs.len() < FAN_IN {
                return;
            }
            run = merge(std::mem::take(runs));
        }
        self.levels.push(vec![run]);
    }

    /// All counts.
    pub(super) fn finish(mut self) -> Counted {
        let last = self.pack_buffer();
        let mut runs: Vec<_> = self.levels.into_iter().flatten().collect();
        runs.push(last);
        let blocks = merge(runs).into_blocks().into_iter();
        let with_first = |block: Block| BlockReader::default().next(&block).map(|entry| (entry.task, block));
        Counted { blocks: blocks.filter_map(with_first).collect(), place: (0, BlockReader::default()) }
    }
}

/// A [`Tally`] that is complete.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// Blocks in order, each with its first task.
    blocks: Vec<(i64, Block)>,
    /// A block and the place in it behind the last task that was looked up.
    place: (usize, BlockReader),
}

impl Counted {
    /// The counts of one task. It takes least for a task behind the last one.
    pub(super) fn of(&mut self, task: i64) -> Vec<Entry> {
        // The task may begin in the block before the first that begins with it.
        let start = self.blocks.partition_point(|(first, _)| *first < task).saturating_sub(1);
        let (place, known) = self.place;
        let is_behind = place == start && known.last().is_none_or(|last| last.task < task);
        let mut reader = if is_behind { known } else { BlockReader::default() };
        let mut found = Vec::new();
        for (at, (_, block)) in self.blocks.iter().enumerate().skip(start) {
            loop {
                self.place = (at, reader);
                match reader.next(block) {
                    Some(entry) if entry.task == task => found.push(entry),
                    Some(entry) if entry.task > task => return found,
                    Some(_) => {}
                    None => break,
                }
            }
            reader = BlockReader::default();
        }
        found
    }

    /// All tasks that have counts, in order.
    pub(super) fn tasks(&self) -> impl Iterator<Item = i64> {
        let mut last = None;
        let entries = self.blocks.iter().flat_map(|(_, block)| {
            let mut reader = BlockReader::default();
            std::iter::from_fn(move || reader.next(block))
        });
        entries.map(|entry| entry.task).filter(move |task| last.replace(*task) != Some(*task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_by_task_and_key_in_whatever_order_they_come() {
        let mut tally = Tally::default();
        for round in 0..2_000_000_u32 {
            tally.add(i64::from(round % 7001), round % 3);
        }
        let mut counted = tally.finish();
        assert_eq!(counted.tasks().count(), 7001);
        let total: u32 = (0..7001).flat_map(|task| counted.of(task)).map(|entry| entry.count).sum();
        assert_eq!(total, 2_000_000);
        assert_eq!(counted.of(3).iter().map(|entry| entry.key).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(counted.of(7001).len() + counted.of(-1).len(), 0);
        let bytes: usize = counted.blocks.iter().map(|(_, block)| block.len()).sum();
        assert!(bytes < 7001 * 3 * 5, "{bytes}");
    }
}
