//! Whose work counts where several people annotated one task.

use std::fmt;
use std::str::FromStr;

/// Whose work counts where several people annotated one task, each with an annotation of its own.
///
/// Cancelled annotations never count, and a ground truth, which is made to judge the others, only where it is requested.
/// Only Label Studio's annotation files have several annotations of a task; in other formats every choice is the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum AnnotationChoice {
    /// All of them, added up.
    #[default]
    All,
    /// The first in the file.
    First,
    /// The last in the file.
    Last,
    /// Those that a reviewer accepted.
    Accepted,
    /// The ground truth.
    GroundTruth,
}

/// A text that names no choice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no choice of annotations: it must be one of all, first, last, accepted, ground-truth")]
pub struct UnknownAnnotationChoice(pub String);

impl AnnotationChoice {
    /// Every choice.
    pub const ALL: [Self; 5] = [Self::All, Self::First, Self::Last, Self::Accepted, Self::GroundTruth];

    /// The name, as people type it.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::First => "first",
            Self::Last => "last",
            Self::Accepted => "accepted",
            Self::GroundTruth => "ground-truth",
        }
    }
}

impl fmt::Display for AnnotationChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for AnnotationChoice {
    type Err = UnknownAnnotationChoice;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|choice| choice.name() == text);
        named.ok_or_else(|| UnknownAnnotationChoice(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_by_its_name() {
        for choice in AnnotationChoice::ALL {
            assert_eq!(choice.to_string().parse(), Ok(choice));
        }
        let wrong = "best".parse::<AnnotationChoice>().unwrap_err();
        assert!(wrong.to_string().ends_with("one of all, first, last, accepted, ground-truth"), "{wrong}");
    }
}
