//! The kind of pool a task is in.

/// The kind of pool that a task is in now. A closed set, numbered 0 to 5.
///
/// Source: `PoolTypeEnum` of the public API page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "i16", into = "i16"))]
pub enum PoolType {
    /// 0: the task waits to be handed out.
    Distribution,
    /// 1: an annotator works on it.
    Annotation,
    /// 2: a reviewer checks it.
    Check,
    /// 3: a sample of the work is looked at again.
    Sampling,
    /// 4: an algorithm works on it.
    Algorithm,
    /// 5: the task is done.
    Complete,
}

/// A number outside the closed set of pool types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a pool type: it must be one of 0 to 5")]
pub struct UnknownPoolType(pub i16);

impl PoolType {
    /// Every pool type, in the order of the numbers.
    pub const ALL: [Self; 6] =
        [Self::Distribution, Self::Annotation, Self::Check, Self::Sampling, Self::Algorithm, Self::Complete];

    /// The number that the public API uses.
    pub fn number(self) -> i16 {
        match self {
            Self::Distribution => 0,
            Self::Annotation => 1,
            Self::Check => 2,
            Self::Sampling => 3,
            Self::Algorithm => 4,
            Self::Complete => 5,
        }
    }
}

impl TryFrom<i16> for PoolType {
    type Error = UnknownPoolType;

    fn try_from(number: i16) -> Result<Self, Self::Error> {
        Self::ALL.into_iter().find(|kind| kind.number() == number).ok_or(UnknownPoolType(number))
    }
}

impl From<PoolType> for i16 {
    fn from(kind: PoolType) -> Self {
        kind.number()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_zero_to_five_and_read_back() {
        for (number, kind) in (0..).zip(PoolType::ALL) {
            assert_eq!(kind.number(), number);
            assert_eq!(PoolType::try_from(number), Ok(kind));
        }
    }

    #[test]
    fn a_number_outside_the_set_is_refused() {
        assert_eq!(PoolType::try_from(6), Err(UnknownPoolType(6)));
        assert_eq!(PoolType::try_from(-1), Err(UnknownPoolType(-1)));
    }
}
