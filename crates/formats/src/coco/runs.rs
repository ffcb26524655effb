//! Counts in order, packed.

use std::collections::VecDeque;

/// How many there are of a key in a task; keys go by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) task: i64,
    pub(super) key: u32,
    pub(super) count: u32,
}

/// Entries of one block: each as the difference to the one before it, in as few bytes as it takes.
pub(super) type Block = Box<[u8]>;

/// The size of a block; small, so that a task is found fast in it.
const BLOCK_BYTES: usize = 128;

/// Entries in order, in blocks that are freed as they are read.
#[derive(Debug, Default)]
pub(super) struct Run {
    blocks: VecDeque<Block>,
    reader: BlockReader,
}

/// Packs entries that come in order, and sums those of one task and key.
#[derive(Debug, Default)]
pub(super) struct RunWriter {
    blocks: VecDeque<Block>,
    block: Vec<u8>,
    last: Option<Entry>,
    pending: Option<Entry>,
}

/// Where reading a block has come to.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct BlockReader {
    offset: usize,
    last: Option<Entry>,
}

impl RunWriter {
    pub(super) fn push(&mut self, entry: Entry) {
        if let Some(pending) = &mut self.pending
            && (pending.task, pending.key) == (entry.task, entry.key)
            && let Some(count) = pending.count.checked_add(entry.count)
        {
            pending.count = count;
            return;
        }
        if let Some(complete) = self.pending.replace(entry) {
            self.pack(complete);
        }
    }

    fn pack(&mut self, entry: Entry) {
        if self.block.len() >= BLOCK_BYTES {
            self.blocks.push_back(std::mem::take(&mut self.block).into());
            self.last = None;
        }
        let same_task = self.last.filter(|last| last.task == entry.task);
        let task = entry.task.wrapping_sub(self.last.map_or(0, |last| last.task)).cast_unsigned();
        put(&mut self.block, task);
        put(&mut self.block, u64::from(entry.key.wrapping_sub(same_task.map_or(0, |last| last.key))));
        put(&mut self.block, u64::from(entry.count));
        self.last = Some(entry);
    }

    pub(super) fn finish(mut self) -> Run {
        if let Some(last) = self.pending.take() {
            self.pack(last);
        }
        self.blocks.push_back(self.block.into());
        Run { blocks: self.blocks, reader: BlockReader::default() }
    }
}

impl Run {
    pub(super) fn into_blocks(self) -> VecDeque<Block> {
        self.blocks
    }
}

impl Iterator for Run {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            if let Some(entry) = self.reader.next(self.blocks.front()?) {
                return Some(entry);
            }
            self.blocks.pop_front();
            self.reader = BlockReader::default();
        }
    }
}

impl BlockReader {
    /// The entry that was read last.
    pub(super) fn last(&self) -> Option<Entry> {
        self.last
    }

    /// The next entry of `block`, from which all before it were read.
    pub(super) fn next(&mut self, block: &[u8]) -> Option<Entry> {
        let task = self.last.map_or(0, |last| last.task).wrapping_add(self.take(block)?.cast_signed());
        let same_task = self.last.filter(|last| last.task == task);
        let key = u32::try_from(self.take(block)?).ok()?.wrapping_add(same_task.map_or(0, |last| last.key));
        let count = u32::try_from(self.take(block)?).ok()?;
        self.last = Some(Entry { task, key, count });
        self.last
    }

    /// A number, seven bits a byte, the lowest first; the last byte has its highest bit unset.
    fn take(&mut self, block: &[u8]) -> Option<u64> {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = *block.get(self.offset)?;
            self.offset += 1;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }
}

fn put(block: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            block.push(low & 0x7F);
            return;
        }
        block.push(low | 0x80);
    }
}

/// One run made of several.
pub(super) fn merge(mut runs: Vec<Run>) -> Run {
    if runs.len() == 1
        && let Some(only) = runs.pop()
    {
        return only;
    }
    let mut heads: Vec<(Entry, Run)> = Vec::with_capacity(runs.len());
    for mut run in runs {
        if let Some(entry) = run.next() {
            heads.push((entry, run));
        }
    }
    let mut merged = RunWriter::default();
    while let Some(least) = heads.iter_mut().min_by_key(|(entry, _)| *entry) {
        merged.push(least.0);
        match least.1.next() {
            Some(entry) => least.0 = entry,
            None => heads.retain(|(_, run)| !run.blocks.is_empty()),
        }
    }
    merged.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(mut entries: Vec<Entry>) -> Run {
        entries.sort_unstable();
        let mut writer = RunWriter::default();
        for entry in entries {
            writer.push(entry);
        }
        writer.finish()
    }

    proptest! {
        #[test]
        fn merged_runs_have_the_sums_of_their_entries_in_order(
            parts in proptest::collection::vec(proptest::collection::vec((any::<i64>(), 0_u32..5, 1_u32..9), 0..900), 0..4),
            close in any::<bool>(),
        ) {
            let task = |task: i64| if close { task % 50 } else { task };
            let entries = |part: &Vec<(i64, u32, u32)>| {
                part.iter().map(|(id, key, count)| Entry { task: task(*id), key: *key, count: *count }).collect::<Vec<_>>()
            };
            let mut expected = std::collections::BTreeMap::new();
            for entry in parts.iter().flat_map(entries) {
                *expected.entry((entry.task, entry.key)).or_insert(0) += entry.count;
            }
            let merged = merge(parts.iter().map(|part| run(entries(part))).collect());
            let found: Vec<_> = merged.map(|entry| ((entry.task, entry.key), entry.count)).collect();
            prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_sum_past_32_bits_stays_in_two_entries() {
        let large = Entry { task: i64::MIN, key: u32::MAX, count: u32::MAX };
        assert_eq!(run(vec![large, large]).collect::<Vec<_>>(), [large, large]);
    }
}
