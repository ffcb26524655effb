//! How many there are to be of an operation item in a task.

use crate::Count;

/// How many of an operation item a task has, as far as that was agreed on: never at least more than at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quantity {
    min: Option<Count>,
    max: Option<Count>,
}

/// The least is more than the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("minQuantity is {min}, more than maxQuantity, which is {max}")]
pub struct MinAboveMax {
    /// The least.
    pub min: Count,
    /// The most.
    pub max: Count,
}

impl Quantity {
    /// Of at least `min` and at most `max`, each where it is given.
    ///
    /// # Errors
    /// When `min` is more than `max`.
    pub fn new(min: Option<Count>, max: Option<Count>) -> Result<Self, MinAboveMax> {
        match (min, max) {
            (Some(min), Some(max)) if min > max => Err(MinAboveMax { min, max }),
            _ => Ok(Self { min, max }),
        }
    }

    /// The least.
    pub fn min(self) -> Option<Count> {
        self.min
    }

    /// The most.
    pub fn max(self) -> Option<Count> {
        self.max
    }
}
