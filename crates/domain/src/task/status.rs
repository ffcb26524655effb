//! The status of a task.

use std::fmt;

/// The status code of a task.
///
/// An open set: platforms add codes, and one without a [`name`](Self::name) passes through unchanged. Source: the
/// status table of the public API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct TaskStatus(i32);

impl TaskStatus {
    /// All labels are approved: the task is in the completion pool.
    pub const LABELS_APPROVED: Self = Self(11);

    /// The code itself.
    pub fn code(self) -> i32 {
        self.0
    }

    /// What the code means, or `None` for a code that this version does not know.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "creation failed",
            1 => "created",
            2 => "annotation waiting",
            3 => "annotation in progress",
            4 => "annotation completed",
            5 => "review waiting",
            6 => "review in progress",
            8 => "quality control waiting",
            9 => "quality control in progress",
            10 => "quality control completed",
            11 => "labels approved",
            16 => "OpenLABEL conversion completed",
            17 => "OpenLABEL conversion failed",
            _ => return None,
        })
    }
}

impl From<i32> for TaskStatus {
    fn from(code: i32) -> Self {
        Self(code)
    }
}

impl fmt::Display for TaskStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => formatter.write_str(name),
            None => write!(formatter, "status {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_code_has_a_name_and_an_unknown_one_keeps_its_number() {
        assert_eq!(TaskStatus::from(11).to_string(), "labels approved");
        assert_eq!(TaskStatus::from(7).name(), None);
        assert_eq!(TaskStatus::from(7).to_string(), "status 7");
    }
}
