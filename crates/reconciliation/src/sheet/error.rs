//! Why a sheet is refused.

use std::fmt;

/// Why a sheet is refused, in words for those who made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SheetError {
    /// The line of the sheet, from 1, where it is of one.
    pub line: Option<u64>,
    /// The column, by the name that the sheet gives it, where it is of one.
    pub column: Option<String>,
    /// The reason, and what to do.
    pub reason: String,
}

impl SheetError {
    /// Of the sheet as a whole.
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { line: None, column: None, reason: reason.into() }
    }

    /// Of a line.
    pub(super) fn at(line: u64, reason: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::new(reason) }
    }

    /// Of a column of that line.
    #[must_use]
    pub(super) fn in_column(self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self }
    }
}

impl fmt::Display for SheetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.column) {
            (Some(line), Some(column)) => write!(formatter, "line {line}, column {column}: ")?,
            (Some(line), None) => write!(formatter, "line {line}: ")?,
            (None, Some(column)) => write!(formatter, "column {column}: ")?,
            (None, None) => {}
        }
        formatter.write_str(&self.reason)
    }
}
