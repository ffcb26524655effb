//! What can be said about an export.

use crate::ExportFormat;
use crate::csv_file::CsvFile;
use crate::json_lines_file::JsonLinesFile;
use crate::parquet_file::ParquetFile;
use crate::table_file::TableFile;
use crate::xlsx_file::XlsxFile;
use annotation_statistics_domain::ExportTarget;
use std::io::Write;
use std::str::FromStr;

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

impl FromStr for Layout {
    type Err = UnknownLayout;

    fn from_str(name: &str) -> Result<Self, UnknownLayout> {
        match name {
            "wide" => Ok(Self::Wide),
            "long" => Ok(Self::Long),
            _ => Err(UnknownLayout),
        }
    }
}

impl ExportOptions {
    /// Wide, and without a byte order mark.
    pub fn of(format: ExportFormat) -> Self {
        Self { format, layout: Layout::default(), byte_order_mark: false }
    }

    /// What writes the export to `output`, which it need not buffer.
    pub fn target(self, output: impl Write + Send + 'static) -> Box<dyn ExportTarget> {
        match self.format {
            ExportFormat::Csv => Box::new(TableFile::new(self.layout, CsvFile::new(output, self.byte_order_mark))),
            ExportFormat::JsonLines => Box::new(JsonLinesFile::new(output)),
            ExportFormat::Xlsx => Box::new(TableFile::new(self.layout, XlsxFile::new(output))),
            ExportFormat::Parquet => Box::new(TableFile::new(self.layout, ParquetFile::new(output))),
        }
    }
}
