//! Exports as tables: the columns, which are the same in every format, and a writer for each format.

mod columns;
mod csv_writer;
mod parquet_columns;
mod parquet_writer;
mod table_target;
mod table_writer;

pub(crate) use columns::{COUNT, Columns, OPERATION_ITEM, item_column};
pub use columns::{Cell, Column, Kind};
pub(crate) use csv_writer::CsvWriter;
pub(crate) use parquet_writer::ParquetWriter;
pub(crate) use table_target::TableTarget;
pub(crate) use table_writer::TableError;
