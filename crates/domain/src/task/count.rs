//! A number of things.

use std::fmt;

/// How many there are of something: 0 to 9,223,372,036,854,775,807.
///
/// The upper limit is that of a Postgres `bigint`, so whatever is counted can be stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "i64", into = "i64"))]
pub struct Count(i64);

/// A number that cannot be a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a count: it must be at least 0")]
pub struct NegativeCount(pub i64);

impl Count {
    /// None of them.
    pub const ZERO: Self = Self(0);
    /// One of them.
    pub const ONE: Self = Self(1);

    /// The number; never negative.
    pub fn get(self) -> i64 {
        self.0
    }

    /// The sum, or `None` when it is past the largest count.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl TryFrom<i64> for Count {
    type Error = NegativeCount;

    fn try_from(number: i64) -> Result<Self, Self::Error> {
        if number < 0 { Err(NegativeCount(number)) } else { Ok(Self(number)) }
    }
}

impl From<u32> for Count {
    fn from(number: u32) -> Self {
        Self(i64::from(number))
    }
}

impl From<Count> for i64 {
    fn from(count: Count) -> Self {
        count.0
    }
}

impl From<Count> for u64 {
    fn from(count: Count) -> Self {
        count.0.unsigned_abs()
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_number_is_no_count() {
        assert_eq!(Count::try_from(-1_i64), Err(NegativeCount(-1)));
        assert_eq!(Count::try_from(0_i64), Ok(Count::ZERO));
    }

    #[test]
    fn a_sum_past_the_largest_count_is_none() {
        let largest = Count::try_from(i64::MAX).unwrap();
        assert_eq!(largest.checked_add(Count::ONE), None);
        assert_eq!(Count::ONE.checked_add(Count::ONE).map(Count::get), Some(2));
    }
}
