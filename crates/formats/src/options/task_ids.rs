//! What the ids of tasks are.

use std::fmt;
use std::str::FromStr;

/// What the ids of tasks are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum TaskIds {
    /// The number that the file gives a task; where it gives none, the [`stable_id`](crate::stable_id()) of its name.
    #[default]
    OfFile,
    /// The [`stable_id`](crate::stable_id()) of the source name: the same in every annotation file and every split, where numbers
    /// start again in each.
    OfSourceName,
}

/// A text that does not say what the ids of tasks are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not say what the ids of tasks are: it must be one of number, source-name")]
pub struct UnknownTaskIds(pub String);

impl TaskIds {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::OfFile, Self::OfSourceName];

    /// The name, as people type it.
    pub fn name(self) -> &'static str {
        match self {
            Self::OfFile => "number",
            Self::OfSourceName => "source-name",
        }
    }
}

impl fmt::Display for TaskIds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for TaskIds {
    type Err = UnknownTaskIds;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|ids| ids.name() == text).ok_or_else(|| UnknownTaskIds(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ids_are_is_read_by_its_name() {
        for ids in TaskIds::ALL {
            assert_eq!(ids.to_string().parse(), Ok(ids));
        }
        assert_eq!("name".parse::<TaskIds>(), Err(UnknownTaskIds("name".to_owned())));
    }
}
