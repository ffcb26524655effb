//! How an export is written, and what writes it.

use crate::json_lines::JsonLinesTarget;
use crate::output::Output;
use crate::table::{CsvWriter, ParquetWriter, TableTarget};
use crate::xlsx::XlsxTarget;
use crate::{ExportFormat, Layout};
use annotation_statistics_domain::ExportTarget;
use jiff::ZonedDateTime;
use std::io::Write;

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportOptions {
    /// The format.
    pub format: ExportFormat,
    /// The layout of its table; JSON Lines have none.
    pub layout: Layout,
    /// Whether CSV starts with a byte order mark, by which Excel knows that it is UTF-8.
    pub byte_order_mark: bool,
}

impl ExportOptions {
    /// Wide, and without a byte order mark.
    pub fn of(format: ExportFormat) -> Self {
        Self { format, layout: Layout::default(), byte_order_mark: false }
    }

    /// What writes the export to `output`, which it need not buffer. The clock is read once, when the
    /// snapshot is taken; it is in the time zone of the reader, or in UTC.
    pub fn target(
        self,
        clock: impl Fn() -> ZonedDateTime + Send + 'static,
        output: impl Write + Send + 'static,
    ) -> Box<dyn ExportTarget> {
        let (layout, output): (_, Output) = (self.layout, Box::new(output));
        match self.format {
            ExportFormat::Csv => {
                Box::new(TableTarget::new(layout, clock, CsvWriter::new(output, self.byte_order_mark)))
            }
            ExportFormat::JsonLines => Box::new(JsonLinesTarget::new(output)),
            ExportFormat::Xlsx => Box::new(XlsxTarget::new(output, layout, clock)),
            ExportFormat::Parquet => Box::new(TableTarget::new(layout, clock, ParquetWriter::new(output))),
        }
    }
}
