//! Timestamps of keys and requests.

use std::fmt;
use std::time::Duration;

/// A point in time, in milliseconds since the start of 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The milliseconds.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// How many milliseconds this is after another timestamp; negative where it is before it.
    pub fn millis_after(self, other: Self) -> i64 {
        self.0.saturating_sub(other.0)
    }

    /// The timestamp so much later, or the largest one.
    #[must_use]
    pub fn later_by(self, time: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl From<i64> for Timestamp {
    fn from(millis: i64) -> Self {
        Self(millis)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ms", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_distance_between_moments_overflows() {
        let (first, last) = (Timestamp::from(i64::MIN), Timestamp::from(i64::MAX));
        assert_eq!(last.millis_after(first), i64::MAX);
        assert_eq!(first.millis_after(last), i64::MIN);
        assert_eq!(last.later_by(Duration::MAX), last);
        assert_eq!(Timestamp::from(1).later_by(Duration::from_secs(1)), Timestamp::from(1_001));
    }
}
