//! A summary as a file: the same tables in each format.

mod format;
mod tables;
mod write_csv;
mod write_xlsx;

pub use format::{SummaryFormat, UnknownSummaryFormat};

use crate::provenance::Provenance;
use annotation_statistics_domain::{BoxError, Summary, TaskFilter};
use jiff::ZonedDateTime;
use tables::tables;

/// A summary to be written, and what it is of.
#[derive(Debug, Clone)]
pub struct SummaryFile {
    /// The sums.
    pub summary: Summary,
    /// The tasks that they are of.
    pub filter: TaskFilter,
    /// The format.
    pub format: SummaryFormat,
    /// Whether CSV starts with a byte order mark, by which Excel knows that it is UTF-8.
    pub byte_order_mark: bool,
    /// When it is written, in the time zone of its reader, or in UTC.
    pub exported_at: ZonedDateTime,
}

impl SummaryFile {
    /// The whole file: some hundred bytes for each sum.
    ///
    /// # Errors
    /// When a workbook cannot be written: it has more lines than a sheet may have, or there is no room for temporary files.
    pub fn write(&self) -> Result<Vec<u8>, BoxError> {
        let tables = tables(&self.summary, &self.filter);
        match self.format {
            SummaryFormat::Csv => Ok(write_csv::write(&tables, self.byte_order_mark)),
            SummaryFormat::Xlsx => {
                let provenance = Provenance::new(&self.summary, self.exported_at.clone());
                Ok(write_xlsx::write(&tables, &provenance)?)
            }
        }
    }
}
