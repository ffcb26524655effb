//! Writes statistics as files that people and programs open: CSV, JSON Lines, XLSX and Parquet.
//!
//! Depend on this crate when you export the tasks of annotation requests: [`ExportOptions::target`] gives what a
//! [`StatisticsExporter`](annotation_statistics_domain::StatisticsExporter) writes to. It knows no database, no network and
//! no runtime, and holds a bounded number of tasks at a time.

mod export_format;
mod export_options;
mod file_name;
mod json_lines;
mod layout;
mod output;
mod provenance;
mod summary;
mod table;
mod too_large;
mod xlsx;

pub use export_format::{Download, ExportFormat, UnknownExportFormat};
pub use export_options::ExportOptions;
pub use file_name::FileName;
pub use json_lines::write_line;
pub use layout::{Layout, UnknownLayout};
pub use provenance::{ExportedItem, ExportedRequest, Provenance};
pub use summary::{SummaryFile, SummaryFormat, UnknownSummaryFormat};
pub use table::{Cell, Column, Kind};
pub use too_large::TooLarge;
pub use xlsx::{LinesWorkbook, SummaryCell};
