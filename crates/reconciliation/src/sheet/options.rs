//! How a sheet is read.

use annotation_statistics_domain::AnnotationRequestId;
use std::str::FromStr;

/// The formats of sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetFormat {
    /// Lines of cells, with a comma, a semicolon or a tab between them.
    Csv,
    /// A workbook.
    Xlsx,
    /// A JSON object a line.
    JsonLines,
}

/// A name that no format has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be csv, xlsx or jsonl")]
pub struct UnknownSheetFormat;

impl FromStr for SheetFormat {
    type Err = UnknownSheetFormat;

    fn from_str(name: &str) -> Result<Self, UnknownSheetFormat> {
        match name {
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            "jsonl" => Ok(Self::JsonLines),
            _ => Err(UnknownSheetFormat),
        }
    }
}

/// How much is read of a sheet before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetLimits {
    /// Values.
    pub max_lines: u64,
    /// Bytes of the file, and of what is packed in a workbook four times as many.
    pub max_bytes: u64,
}

impl Default for SheetLimits {
    fn default() -> Self {
        Self { max_lines: 1_000_000, max_bytes: 64 * 1024 * 1024 }
    }
}

/// How a sheet is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetOptions {
    /// Its format; without it, by its first bytes.
    pub format: Option<SheetFormat>,
    /// The worksheet of a workbook; without it, the first one that has a line of names.
    pub worksheet: Option<String>,
    /// The request that its lines must be of, where they name one.
    pub request: Option<AnnotationRequestId>,
    /// How much is read.
    pub limits: SheetLimits,
}
