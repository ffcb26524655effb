//! Exports that no file of their format can hold.

use crate::ExportFormat;

/// Why an export does not fit its format. Its text has the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// More lines than a sheet has.
    #[error(
        "the export is too large for {}: a sheet has at most {max} lines, this has {lines} or more; ask for fewer annotation \
         requests, or for {}",
        ExportFormat::names(|format| format.max_lines().is_some()),
        ExportFormat::names(|format| format.max_lines().is_none())
    )]
    Lines {
        /// How many there are at least, the line of names included.
        lines: u64,
        /// How many a sheet has.
        max: u64,
    },
    /// More lines than a sheet has, of tasks that differ.
    #[error(
        "the differences are too many for xlsx: a sheet has at most {max} lines, these have {lines} or more; take csv"
    )]
    Differences {
        /// How many there are at least, the line of names included.
        lines: u64,
        /// How many a sheet has.
        max: u64,
    },
    /// More columns than are written.
    #[error(
        "the export is too wide: a table has at most {max} columns, this has {columns}; ask for layout=long, for jsonl, or for fewer \
         annotation requests"
    )]
    Columns {
        /// How many there are.
        columns: usize,
        /// How many there may be.
        max: usize,
    },
}

impl TooLarge {
    /// The most columns of a table: more than a spreadsheet opens are of no use.
    pub const MAX_COLUMNS: usize = 16_384;
}
