//! The number of a task.

use std::fmt;

/// Identifies a task: the unit of work that one annotator takes. Any 64-bit number; platforms use up to 19 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct TaskId(i64);

impl TaskId {
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
