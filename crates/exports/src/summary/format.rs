//! The formats of a summary as a file.

use crate::ExportFormat;
use std::fmt;
use std::str::FromStr;

/// A format of summaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryFormat {
    /// One table of all sums.
    Csv,
    /// A workbook with a sheet for each kind of sums.
    Xlsx,
}

/// A name that no format has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be json, csv or xlsx")]
pub struct UnknownSummaryFormat;

impl SummaryFormat {
    /// Every format, in the order of preference.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Xlsx];

    /// The format of exports of the same files: their media types, and the end of their names.
    pub const fn of_file(self) -> ExportFormat {
        match self {
            Self::Csv => ExportFormat::Csv,
            Self::Xlsx => ExportFormat::Xlsx,
        }
    }
}

impl FromStr for SummaryFormat {
    type Err = UnknownSummaryFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.of_file().name() == name).ok_or(UnknownSummaryFormat)
    }
}

impl fmt::Display for SummaryFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.of_file().name())
    }
}
