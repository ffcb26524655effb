//! A workbook of lines that others make, with a summary in front of them.

use super::sheet::{Formats, Sheet, Value, columns_up_to_id};
use crate::TooLarge;
use crate::table::{Cell, Column, TableError};
use annotation_statistics_domain::BoxError;
use rust_xlsxwriter::{DocProperties, Workbook};
use std::fmt;
use std::io::Write;

/// A workbook of a summary and of one table, such as what differs between two states.
///
/// Lines wait in a temporary file, so memory does not grow with them. A number of more than 15 digits is a text, as a
/// spreadsheet would round it, and a text is never a formula.
pub struct LinesWorkbook {
    workbook: Workbook,
    formats: Formats,
    summary: Sheet,
    table: Sheet,
    columns: Vec<Column>,
}

/// What the summary has in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryCell<'a> {
    /// What the workbook is.
    Title(&'a str),
    /// The name of a column or of a part.
    Heading(&'a str),
    /// A text.
    Text(&'a str),
    /// A sum, or by how much it has grown.
    Number(i128),
}

impl LinesWorkbook {
    /// With a table of these columns in the sheet of this name.
    ///
    /// # Errors
    /// When there is no place for temporary files.
    pub fn new(name: &'static str, columns: Vec<Column>) -> Result<Self, BoxError> {
        Self::begin(name, columns).map_err(TableError::boxed)
    }

    fn begin(name: &'static str, columns: Vec<Column>) -> Result<Self, TableError> {
        let (mut workbook, formats) = (Workbook::new(), Formats::new());
        let summary = Sheet::add(&mut workbook, 0, "Summary")?;
        let mut table = Sheet::add(&mut workbook, 1, name)?;
        table.names(&mut workbook, &formats, &columns)?;
        Ok(Self { workbook, formats, summary, table, columns })
    }

    /// The next line of the table, with a cell for each column.
    ///
    /// # Errors
    /// [`TooLarge`] when a sheet has no more lines; when the line cannot be kept.
    pub fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), BoxError> {
        self.table.line(&mut self.workbook, cells).map_err(|error| {
            if let TableError::TooLarge(TooLarge::Lines { lines, max }) = error {
                TooLarge::Differences { lines, max }.into()
            } else {
                error.boxed()
            }
        })
    }

    /// Writes the summary, and all to the output, which is flushed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(
        self,
        title: &str,
        summary: &[Vec<SummaryCell<'_>>],
        output: impl Write + Send,
    ) -> Result<(), BoxError> {
        self.end(title, summary, output).map_err(TableError::boxed)
    }

    fn end(
        mut self,
        title: &str,
        summary: &[Vec<SummaryCell<'_>>],
        mut output: impl Write + Send,
    ) -> Result<(), TableError> {
        for line in summary {
            let cells: Vec<_> = line.iter().map(|cell| cell.value()).collect();
            self.summary.free_line(&mut self.workbook, &self.formats, &cells)?;
        }
        self.summary.finish(&mut self.workbook)?;
        self.table.finish_table(&mut self.workbook, columns_up_to_id(&self.columns))?;
        self.workbook.set_properties(&DocProperties::new().set_title(title));
        self.workbook.save_to_writer(&mut output)?;
        Ok(output.flush()?)
    }
}

impl<'a> SummaryCell<'a> {
    const fn value(self) -> Value<'a> {
        match self {
            Self::Title(text) => Value::Title(text),
            Self::Heading(text) => Value::Heading(text),
            Self::Text(text) => Value::Text(text),
            Self::Number(number) => Value::Number(number),
        }
    }
}

impl fmt::Debug for LinesWorkbook {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LinesWorkbook").field("lines", &self.table.lines()).finish_non_exhaustive()
    }
}
