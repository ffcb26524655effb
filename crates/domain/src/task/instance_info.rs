//! How many of each operation item a task has.

mod draft;
mod error;
#[cfg(feature = "serde")]
mod json;
mod plain_json;
mod sorted;
mod zeros;

use crate::{Count, OperationItemKey};
use draft::Collector;
pub use error::InstanceInfoError;
use sorted::Sorted;
use std::collections::BTreeSet;
use std::fmt;

/// Operation item -> how many instances or attributes of it were annotated in a task.
///
/// Keys are unique and iterated in byte order; the total fits a [`Count`]. It is kept as the JSON that it is written as,
/// in one allocation: a page has hundreds of keys, and most are only passed on.
#[derive(Clone, PartialEq, Eq)]
pub struct InstanceInfo(Sorted);

impl InstanceInfo {
    /// The most operation items that one task may have counts for.
    pub const MAX_KEYS: usize = error::MAX_KEYS;

    /// Sorts and checks the counts.
    ///
    /// # Errors
    /// When a key is given twice, there are more than [`Self::MAX_KEYS`], or the total is too large to be counted.
    pub fn new(counts: impl IntoIterator<Item = (OperationItemKey, Count)>) -> Result<Self, InstanceInfoError> {
        let mut collector = Collector::new();
        for (key, count) in counts {
            collector.push(key.as_str(), count)?;
        }
        collector.finish().map(Self)
    }

    /// Reads a JSON object of counts, several times as fast as a general parser. `None` where something is wrong, which
    /// a general parser can report, and for what programs hardly write: escapes in keys, exponents, line breaks.
    pub fn from_plain_json(json: &[u8]) -> Option<Self> {
        plain_json::read(json).map(Self)
    }

    /// The counts by key, in byte order of the keys; each key is a valid [`OperationItemKey`].
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Count)> {
        self.0.iter()
    }

    /// The count of `key`; zero for a key that has none. It looks at all keys before it.
    pub fn count_of(&self, key: &OperationItemKey) -> Count {
        let mut from_there = self.iter().skip_while(|(other, _)| *other < key.as_str());
        from_there.next().filter(|(other, _)| *other == key.as_str()).map_or(Count::ZERO, |(_, count)| count)
    }

    /// All counts together.
    pub fn total(&self) -> Count {
        self.0.total
    }

    /// The same counts, and zero for each of these keys that has none; they may be more than [`Self::MAX_KEYS`] then.
    #[must_use]
    pub fn with_zeros(&self, keys: &BTreeSet<OperationItemKey>) -> Self {
        Self(Sorted::of(zeros::merged(self.iter(), keys), self.total()))
    }

    /// The counts as a JSON object without blanks, in the order of [`iter`](Self::iter).
    pub fn as_json(&self) -> &str {
        self.0.json()
    }
}

impl Default for InstanceInfo {
    fn default() -> Self {
        Self(Sorted::none())
    }
}

impl fmt::Debug for InstanceInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests;
