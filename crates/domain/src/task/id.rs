//! The number of a task.

use std::fmt;

/// Identifies a task: the unit of work that one annotator takes. Any 64-bit number; platforms use up to 19 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct TaskId(i64);

impl TaskId {
    /// The id of a task that is known by its source name: the lower 63 bits of the 64-bit FNV-1a hash of it.
    ///
    /// The same name has the same id in every version, on every machine: at a million names the chance that two of them
    /// have one is about one in 20 million.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        let hash = name.bytes().fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
        Self((hash & i64::MAX.unsigned_abs()).cast_signed())
    }

    /// The number itself.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl From<i64> for TaskId {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_name_never_changes() {
        // The published test vectors of FNV-1a are 0xcbf29ce484222325 and 0x85944171f73967e8.
        assert_eq!(TaskId::of_name("").get(), 0x4bf2_9ce4_8422_2325);
        assert_eq!(TaskId::of_name("foobar").get(), 0x0594_4171_f739_67e8);
    }
}
