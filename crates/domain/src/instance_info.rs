//! How many of each operation item a task has.

use crate::{Count, OperationItemKey};

/// Operation item -> how many instances or attributes of it were annotated in a task.
///
/// Keys are unique and answered in byte order; the total fits a [`Count`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstanceInfo {
    counts: Box<[(OperationItemKey, Count)]>,
    total: Count,
}

/// Why a set of counts was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstanceInfoError {
    /// The same key stands there twice: which count would hold?
    #[error("the key `{0}` is given twice")]
    DuplicateKey(OperationItemKey),
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
        let mut counts: Vec<_> = counts.into_iter().take(Self::MAX_KEYS + 1).collect();
        if counts.len() > Self::MAX_KEYS {
            return Err(InstanceInfoError::TooManyKeys);
        }
        counts.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let twice = counts.iter().zip(counts.iter().skip(1)).find(|((key, _), (next, _))| key == next);
        if let Some(((key, _), _)) = twice {
            return Err(InstanceInfoError::DuplicateKey(key.clone()));
        }
        let total = counts
            .iter()
            .try_fold(Count::ZERO, |sum, (_, count)| sum.checked_add(*count))
            .ok_or(InstanceInfoError::TotalTooLarge)?;
        Ok(Self { counts: counts.into(), total })
    }

    /// The counts by key, in byte order of the keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&OperationItemKey, Count)> {
        self.counts.iter().map(|(key, count)| (key, *count))
    }

    /// How many there are of `key`; zero for a key that is not there.
    pub fn count_of(&self, key: &OperationItemKey) -> Count {
        let found = self.counts.binary_search_by(|(other, _)| other.cmp(key)).ok();
        found.and_then(|index| self.counts.get(index)).map_or(Count::ZERO, |(_, count)| *count)
    }

    /// All counts together.
    pub fn total(&self) -> Count {
        self.total
    }
}

#[cfg(feature = "serde")]
mod json {
    use super::{Count, InstanceInfo, OperationItemKey};
    use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
    use serde::ser::{Serialize, Serializer};

    impl Serialize for InstanceInfo {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.iter().map(|(key, count)| (key.as_str(), count)))
        }
    }

    impl<'de> Deserialize<'de> for InstanceInfo {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(Counts)
        }
    }

    struct Counts;

    impl<'de> Visitor<'de> for Counts {
        type Value = InstanceInfo;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an object of operation item keys and counts")
        }

        fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<InstanceInfo, M::Error> {
            let mut counts = Vec::with_capacity(map.size_hint().unwrap_or(0).min(64));
            while let Some(entry) = map.next_entry::<OperationItemKey, Count>()? {
                if counts.len() > InstanceInfo::MAX_KEYS {
                    break;
                }
                counts.push(entry);
            }
            InstanceInfo::new(counts).map_err(M::Error::custom)
        }
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
        let names: Vec<_> = info.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(names, ["a-long-key", "b"]);
        assert_eq!(info.total(), count(42));
        assert_eq!(info.count_of(&key("b")), count(2));
        assert_eq!(info.count_of(&key("c")), Count::ZERO);
    }

    #[test]
    fn counts_that_cannot_be_right_are_refused() {
        let twice = InstanceInfo::new([(key("a"), Count::ONE), (key("a"), Count::ONE)]);
        assert_eq!(twice, Err(InstanceInfoError::DuplicateKey(key("a"))));
        let large = InstanceInfo::new([(key("a"), count(i64::MAX)), (key("b"), Count::ONE)]);
        assert_eq!(large, Err(InstanceInfoError::TotalTooLarge));
        let many = InstanceInfo::new((0..=InstanceInfo::MAX_KEYS).map(|n| (key(&n.to_string()), Count::ONE)));
        assert_eq!(many, Err(InstanceInfoError::TooManyKeys));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn json_with_a_key_given_twice_is_refused() {
        let fault = serde_json::from_str::<InstanceInfo>(r#"{"a":1,"a":2}"#).unwrap_err();
        assert!(fault.to_string().starts_with("the key `a` is given twice"), "{fault}");
    }
}
