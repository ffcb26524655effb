//! The table of export formats: all that is known of a format, but for how it is written.
//!
//! The command line, the API, its document and the HTML page read it.

use crate::Layout;
use std::fmt;
use std::str::FromStr;

/// What is known of a format.
struct Entry {
    name: &'static str,
    title: &'static str,
    media_type: &'static str,
    content_type: &'static str,
    other_media_types: &'static [&'static str],
    has_layouts: bool,
    has_byte_order_mark: bool,
    max_lines: Option<u64>,
}

/// Makes the enum of the table, so that no format is left out of [`ExportFormat::ALL`].
macro_rules! formats {
    ($($(#[$about:meta])+ $format:ident { $($field:ident: $value:expr,)+ })+) => {
        /// A format of exports.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ExportFormat {
            $($(#[$about])+ $format,)+
        }

        impl ExportFormat {
            /// Every format, in the order of preference.
            pub const ALL: [Self; [$(stringify!($format)),+].len()] = [$(Self::$format),+];

            const fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$format => &Entry { $($field: $value,)+ },)+
                }
            }
        }
    };
}

formats! {
    /// RFC 4180, for spreadsheets and scripts.
    Csv {
        name: "csv",
        title: "CSV",
        media_type: "text/csv",
        content_type: "text/csv; charset=utf-8; header=present",
        other_media_types: &[],
        has_layouts: true,
        has_byte_order_mark: true,
        max_lines: None,
    }
    /// One task a line, as it was imported.
    JsonLines {
        name: "jsonl",
        title: "JSON Lines",
        media_type: "application/x-ndjson",
        content_type: "application/x-ndjson",
        other_media_types: &["application/jsonl", "application/ndjson", "application/x-jsonlines"],
        has_layouts: false,
        has_byte_order_mark: false,
        max_lines: None,
    }
    /// A workbook: a summary, the tasks and their operation items.
    Xlsx {
        name: "xlsx",
        title: "XLSX",
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        other_media_types: &[],
        has_layouts: true,
        has_byte_order_mark: false,
        max_lines: Some(1_048_576),
    }
    /// Typed columns, for data frames.
    Parquet {
        name: "parquet",
        title: "Parquet",
        media_type: "application/vnd.apache.parquet",
        content_type: "application/vnd.apache.parquet",
        other_media_types: &[],
        has_layouts: true,
        has_byte_order_mark: false,
        max_lines: None,
    }
}

/// An export as the HTML page offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Download {
    /// The format.
    pub format: ExportFormat,
    /// The layout of its table.
    pub layout: Layout,
    /// What it is called.
    pub label: &'static str,
    /// What one gets.
    pub about: &'static str,
}

impl Download {
    /// Every offer, in the order of the page.
    pub const ALL: [Self; 5] = [
        Self::new(ExportFormat::Csv, Layout::Wide, "CSV", "a line per task"),
        Self::new(ExportFormat::Csv, Layout::Long, "CSV, long", "a line per task and item"),
        Self::new(ExportFormat::Xlsx, Layout::Wide, "Excel", "a line per task"),
        Self::new(ExportFormat::JsonLines, Layout::Wide, "JSON Lines", "can be imported again"),
        Self::new(ExportFormat::Parquet, Layout::Wide, "Parquet", "typed columns"),
    ];

    const fn new(format: ExportFormat, layout: Layout, label: &'static str, about: &'static str) -> Self {
        Self { format, layout, label, about }
    }

    /// The part of a query that requests it.
    pub fn query(&self) -> String {
        let layout = if self.layout == Layout::default() { String::new() } else { format!("&layout={}", self.layout) };
        format!("format={}{layout}", self.format)
    }
}

/// A name that no format has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be {}", ExportFormat::names(|_| true))]
pub struct UnknownExportFormat;

impl ExportFormat {
    /// Its name, which is the extension of its files.
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// Its name in running text.
    pub const fn title(self) -> &'static str {
        self.entry().title
    }

    /// The media type of its files, without parameters.
    pub const fn media_type(self) -> &'static str {
        self.entry().media_type
    }

    /// The media type of its files with its parameters, as `Content-Type` has it.
    pub const fn content_type(self) -> &'static str {
        self.entry().content_type
    }

    /// Other media types that clients accept it by.
    pub const fn other_media_types(self) -> &'static [&'static str] {
        self.entry().other_media_types
    }

    /// Whether it is a table, which has a layout.
    pub const fn has_layouts(self) -> bool {
        self.entry().has_layouts
    }

    /// Whether its files can start with a byte order mark.
    pub const fn has_byte_order_mark(self) -> bool {
        self.entry().has_byte_order_mark
    }

    /// The most lines of a file, the line of names included, where there is a limit.
    pub const fn max_lines(self) -> Option<u64> {
        self.entry().max_lines
    }

    /// The names of those formats that `are_meant`: `csv, jsonl, xlsx or parquet`.
    pub fn names(are_meant: impl Fn(Self) -> bool) -> String {
        listed(Self::ALL.into_iter().filter(|format| are_meant(*format)).map(Self::name))
    }

    /// The titles of all formats: `CSV, JSON Lines, XLSX or Parquet`.
    pub fn titles() -> String {
        listed(Self::ALL.into_iter().map(Self::title))
    }
}

fn listed(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        names => names.concat(),
    }
}

impl Default for ExportFormat {
    /// The format where the client names none.
    fn default() -> Self {
        Self::Csv
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
        assert_eq!(UnknownExportFormat.to_string(), "must be csv, jsonl, xlsx or parquet");
        assert_eq!(ExportFormat::titles(), "CSV, JSON Lines, XLSX or Parquet");
    }

    #[test]
    fn every_format_is_offered_for_download() {
        for format in ExportFormat::ALL {
            assert!(Download::ALL.iter().any(|download| download.format == format), "{format}");
            assert!(format.content_type().starts_with(format.media_type()), "{format}");
        }
        assert_eq!(Download::ALL.map(|download| download.query())[..2], ["format=csv", "format=csv&layout=long"]);
    }
}
