//! Writes statistics as files that people and programs open: CSV, JSON Lines, XLSX and Parquet.
//!
//! Depend on this crate when you hand the tasks of annotation requests to somebody: [`ExportOptions::target`] gives what a
//! [`StatisticsExporter`](annotation_statistics_domain::StatisticsExporter) writes to. It knows no database, no network and
//! no runtime, and holds a bounded number of tasks at a time.

mod columns;
mod csv_file;
mod export_format;
mod export_options;
mod file_name;
mod json_lines_file;
mod parquet_columns;
mod parquet_file;
mod table_file;
mod too_large;
mod xlsx_file;

pub use export_format::{ExportFormat, UnknownExportFormat};
pub use export_options::{ExportOptions, Layout, UnknownLayout};
pub use file_name::FileName;
pub use too_large::TooLarge;
