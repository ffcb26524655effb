//! How many of each operation item a task has.

#[cfg(feature = "serde")]
mod json;

use crate::{Count, OperationItemKey};
use std::fmt;
use std::ops::Range;

/// Operation item -> how many instances or attributes of it were annotated in a task.
///
/// Keys are unique and iterated in byte order; the total fits a [`Count`]. All keys share one allocation: a page has
/// hundreds of them.
#[derive(Clone, Default)]
pub struct InstanceInfo {
    /// The keys one after the other, in no order.
    keys: String,
    /// In byte order of the keys.
    entries: Vec<Entry>,
    total: Count,
}

/// Where a key is within the keys, and its count.
#[derive(Clone, Copy)]
struct Entry {
    start: u32,
    end: u32,
    count: Count,
}

impl Entry {
    fn key(self, keys: &str) -> &str {
        self.range().and_then(|range| keys.get(range)).unwrap_or_default()
    }

    /// As bytes: quicker to compare, in the same order.
    fn bytes(self, keys: &str) -> &[u8] {
        self.range().and_then(|range| keys.as_bytes().get(range)).unwrap_or_default()
    }

    fn range(self) -> Option<Range<usize>> {
        Some(usize::try_from(self.start).ok()?..usize::try_from(self.end).ok()?)
    }
}

/// Why a set of counts was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstanceInfoError {
    /// The same key is given twice: which count would be valid?
    #[error("the key `{0}` is given twice")]
    DuplicateKey(String),
    /// More keys than a task may have.
    #[error("there are more than {} keys", InstanceInfo::MAX_KEYS)]
    TooManyKeys,
    /// The counts add up to more than a [`Count`] holds.
    #[error("the counts add up to more than {}", i64::MAX)]
    TotalTooLarge,
}

impl InstanceInfo {
    /// The most operation items that one task may have counts for.
    pub const MAX_KEYS: usize = 10_000;

    /// Sorts and checks the counts.
    ///
    /// # Errors
    /// When a key is given twice, there are more than [`Self::MAX_KEYS`], or the total is too large to be counted.
    pub fn new(counts: impl IntoIterator<Item = (OperationItemKey, Count)>) -> Result<Self, InstanceInfoError> {
        let mut draft = Draft::default();
        for (key, count) in counts {
            draft.push(key.as_str(), count)?;
        }
        draft.finish()
    }

    /// The counts by key, in byte order of the keys; each key is a valid [`OperationItemKey`].
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Count)> {
        self.entries.iter().map(|entry| (entry.key(&self.keys), entry.count))
    }

    /// The count of `key`; zero for a key that has none.
    pub fn count_of(&self, key: &OperationItemKey) -> Count {
        let found = self.entries.binary_search_by(|entry| entry.key(&self.keys).cmp(key.as_str())).ok();
        found.and_then(|index| self.entries.get(index)).map_or(Count::ZERO, |entry| entry.count)
    }

    /// All counts together.
    pub fn total(&self) -> Count {
        self.total
    }
}

impl PartialEq for InstanceInfo {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for InstanceInfo {}

impl fmt::Debug for InstanceInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

/// Counts that are still being collected.
#[derive(Default)]
struct Draft {
    keys: String,
    entries: Vec<Entry>,
}

impl Draft {
    fn push(&mut self, key: &str, count: Count) -> Result<(), InstanceInfoError> {
        let (start, end) = (self.keys.len(), self.keys.len() + key.len());
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) else {
            return Err(InstanceInfoError::TooManyKeys);
        };
        if self.entries.len() == InstanceInfo::MAX_KEYS {
            return Err(InstanceInfoError::TooManyKeys);
        }
        self.keys.push_str(key);
        self.entries.push(Entry { start, end, count });
        Ok(())
    }

    fn set_last_count(&mut self, count: Count) {
        if let Some(last) = self.entries.last_mut() {
            last.count = count;
        }
    }

    fn finish(self) -> Result<InstanceInfo, InstanceInfoError> {
        let Self { keys, mut entries } = self;
        entries.sort_unstable_by(|left, right| left.bytes(&keys).cmp(right.bytes(&keys)));
        let mut neighbours = entries.iter().zip(entries.iter().skip(1));
        if let Some((twice, _)) = neighbours.find(|(entry, next)| entry.bytes(&keys) == next.bytes(&keys)) {
            return Err(InstanceInfoError::DuplicateKey(twice.key(&keys).to_owned()));
        }
        let total = entries
            .iter()
            .try_fold(Count::ZERO, |sum, entry| sum.checked_add(entry.count))
            .ok_or(InstanceInfoError::TotalTooLarge)?;
        Ok(InstanceInfo { keys, entries, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> OperationItemKey {
        OperationItemKey::new(name).unwrap()
    }

    fn count(number: i64) -> Count {
        Count::try_from(number).unwrap()
    }

    #[test]
    fn keys_come_in_byte_order_whatever_order_they_were_given_in() {
        let info = InstanceInfo::new([(key("b"), count(2)), (key("a-long-key"), count(40))]).unwrap();
        let names: Vec<_> = info.iter().map(|(key, _)| key).collect();
        assert_eq!(names, ["a-long-key", "b"]);
        assert_eq!(info.total(), count(42));
        assert_eq!(info.count_of(&key("b")), count(2));
        assert_eq!(info.count_of(&key("c")), Count::ZERO);
    }

    #[test]
    fn counts_that_cannot_be_right_are_refused() {
        let twice = InstanceInfo::new([(key("a"), Count::ONE), (key("a"), Count::ONE)]);
        assert_eq!(twice, Err(InstanceInfoError::DuplicateKey("a".into())));
        let large = InstanceInfo::new([(key("a"), count(i64::MAX)), (key("b"), Count::ONE)]);
        assert_eq!(large, Err(InstanceInfoError::TotalTooLarge));
        let many = InstanceInfo::new((0..=InstanceInfo::MAX_KEYS).map(|n| (key(&n.to_string()), Count::ONE)));
        assert_eq!(many, Err(InstanceInfoError::TooManyKeys));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn json_with_a_key_given_twice_is_refused() {
        let error = serde_json::from_str::<InstanceInfo>(r#"{"a":1,"a":2}"#).unwrap_err();
        assert!(error.to_string().starts_with("the key `a` is given twice"), "{error}");
    }
}
