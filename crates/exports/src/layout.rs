//! The layouts of tables.

use std::fmt;
use std::str::FromStr;

/// What a line of a table is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// A task, with a column for each operation item.
    #[default]
    Wide,
    /// A task and one operation item of it.
    Long,
}

/// A name that no layout has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be wide or long")]
pub struct UnknownLayout;

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 2] = [Self::Wide, Self::Long];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Long => "long",
        }
    }
}

impl FromStr for Layout {
    type Err = UnknownLayout;

    fn from_str(name: &str) -> Result<Self, UnknownLayout> {
        Self::ALL.into_iter().find(|layout| layout.name() == name).ok_or(UnknownLayout)
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
