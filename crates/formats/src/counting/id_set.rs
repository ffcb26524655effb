//! A set of ids that stays small for ids that lie close together.

use std::collections::HashMap;

/// Ids that were seen. Ids are kept as bits, 64 neighbours in a word: less than a byte an id where they are dense, as
/// in most files, and about 30 bytes where they are scattered.
#[derive(Debug, Default)]
pub(crate) struct IdSet(HashMap<i64, u64>);

impl IdSet {
    /// Adds an id; `false` when it was there.
    pub(crate) fn insert(&mut self, id: i64) -> bool {
        let bit = 1_u64 << (id & 63);
        let word = self.0.entry(id >> 6).or_default();
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Whether an id was added.
    pub(crate) fn contains(&self, id: i64) -> bool {
        self.0.get(&(id >> 6)).is_some_and(|word| word & (1_u64 << (id & 63)) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_new_once() {
        let mut ids = IdSet::default();
        for id in [0, 1, 63, 64, -1, -64, i64::MAX, i64::MIN] {
            assert!(ids.insert(id), "{id}");
        }
        for id in [0, 1, 63, 64, -1, -64, i64::MAX, i64::MIN] {
            assert!(!ids.insert(id) && ids.contains(id), "{id}");
        }
        assert!(!ids.contains(2));
    }
}
