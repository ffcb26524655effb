//! A set of ids that stays small for ids that lie close together.

use std::collections::HashMap;

/// Ids that were seen. Ids are kept as bits, 64 neighbours in a word: less than a byte an id where they are dense, as
/// in most files, and about 30 bytes where they are scattered.
#[derive(Debug, Default)]
pub(crate) struct IdSet {
    words: HashMap<i64, u64>,
    /// The number and the bits of the word that was looked at last, as the next id is mostly a neighbour.
    last: (i64, u64),
}

impl IdSet {
    /// Adds an id; `false` when it was there.
    pub(crate) fn insert(&mut self, id: i64) -> bool {
        let is_new = !self.contains(id);
        self.last.1 |= bit(id);
        is_new
    }

    /// Whether an id was added.
    pub(crate) fn contains(&mut self, id: i64) -> bool {
        let number = id >> 6;
        if self.last.0 != number {
            if self.last.1 != 0 {
                self.words.insert(self.last.0, self.last.1);
            }
            self.last = (number, self.words.get(&number).copied().unwrap_or_default());
        }
        self.last.1 & bit(id) != 0
    }
}

fn bit(id: i64) -> u64 {
    1 << (id & 63)
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
