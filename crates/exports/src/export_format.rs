//! The formats of exports.

use std::fmt;
use std::str::FromStr;

/// A format of exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// RFC 4180, for spreadsheets and scripts.
    Csv,
    /// One task a line, as it was imported.
    JsonLines,
    /// A workbook of one sheet.
    Xlsx,
    /// Typed columns, for data frames.
    Parquet,
}

/// A name that no format has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be csv, jsonl, xlsx or parquet")]
pub struct UnknownExportFormat;

impl ExportFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Csv, Self::JsonLines, Self::Xlsx, Self::Parquet];

    /// Its name, which is the extension of its files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// The media type of its files, without parameters.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::JsonLines => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

impl FromStr for ExportFormat {
    type Err = UnknownExportFormat;

    fn from_str(name: &str) -> Result<Self, UnknownExportFormat> {
        Self::ALL.into_iter().find(|format| format.name() == name).ok_or(UnknownExportFormat)
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_name_only() {
        for format in ExportFormat::ALL {
            assert_eq!(format.name().parse(), Ok(format));
        }
        for other in ["", "CSV", "json", "xls"] {
            assert_eq!(other.parse::<ExportFormat>(), Err(UnknownExportFormat), "{other}");
        }
    }
}
