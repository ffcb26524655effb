//! What the writer of each format of tables implements.

use crate::TooLarge;
use crate::provenance::Provenance;
use crate::table::columns::{Cell, Column, UnknownItem};
use annotation_statistics_domain::BoxError;
use std::io;

/// A format of tables.
pub(crate) trait TableWriter: Send {
    /// The names of the columns, and what the table is of, for a format that stores it.
    fn begin(&mut self, columns: &[Column], provenance: &Provenance) -> Result<(), TableError>;

    /// The next line, with a cell for each column.
    fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError>;

    /// That was all.
    fn finish(&mut self) -> Result<(), TableError>;
}

/// Why a table is not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    #[error(transparent)]
    UnknownItem(#[from] UnknownItem),
    #[error(transparent)]
    Output(#[from] io::Error),
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("the columns cannot be written: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    #[error("a line came before the names of the columns")]
    NotBegun,
}

impl TableError {
    /// With what callers look for on the outside.
    pub(crate) fn boxed(self) -> BoxError {
        match self {
            Self::TooLarge(error) => error.into(),
            Self::Output(error) => error.into(),
            Self::UnknownItem(_) | Self::Workbook(_) | Self::Parquet(_) | Self::NotBegun => self.into(),
        }
    }
}
