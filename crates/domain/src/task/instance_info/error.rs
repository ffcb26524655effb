//! Why counts were refused.

/// The most operation items that one task may have counts for.
pub(super) const MAX_KEYS: usize = 10_000;

/// Why a set of counts was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstanceInfoError {
    /// The same key is given twice: which count would be valid?
    #[error("the key `{0}` is given twice")]
    DuplicateKey(String),
    /// More keys than a task may have.
    #[error("there are more than {} keys", MAX_KEYS)]
    TooManyKeys,
    /// The counts add up to more than a [`Count`](crate::Count) holds.
    #[error("the counts add up to more than {}", i64::MAX)]
    TotalTooLarge,
}
