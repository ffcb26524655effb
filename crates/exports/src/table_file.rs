//! An export as a table, in whatever format.

use crate::columns::{Cell, Column, Columns, UnknownItem};
use crate::{Layout, TooLarge};
use annotation_statistics_domain::{BoxError, ExportTarget, RecordedTask, Summary};
use std::io;

/// A format of tables.
pub(crate) trait Table: Send {
    /// The names of the columns; the table is to have at least this many lines, that of the names included.
    fn begin(&mut self, columns: &[Column], least_lines: u64) -> Result<(), TableFault>;

    /// The next line, with a cell for each column.
    fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), TableFault>;

    /// That was all.
    fn finish(&mut self) -> Result<(), TableFault>;
}

/// Why a table is not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableFault {
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

impl TableFault {
    /// With what callers look for on the outside.
    fn boxed(self) -> BoxError {
        match self {
            Self::TooLarge(fault) => fault.into(),
            Self::Output(fault) => fault.into(),
            Self::UnknownItem(_) | Self::Workbook(_) | Self::Parquet(_) | Self::NotBegun => self.into(),
        }
    }
}

/// Turns tasks into the lines of a table.
pub(crate) struct TableFile<T> {
    layout: Layout,
    columns: Option<Columns>,
    table: T,
}

impl<T: Table> TableFile<T> {
    pub(crate) fn new(layout: Layout, table: T) -> Self {
        Self { layout, columns: None, table }
    }

    fn start(&mut self, summary: &Summary) -> Result<(), TableFault> {
        let columns = Columns::new(self.layout, summary)?;
        self.table.begin(&columns.all(), columns.least_lines)?;
        self.columns = Some(columns);
        Ok(())
    }

    fn add(&mut self, task: &RecordedTask) -> Result<(), TableFault> {
        let table = &mut self.table;
        self.columns.as_ref().ok_or(TableFault::NotBegun)?.lines(task, |cells| table.line(cells))
    }
}

impl<T: Table> ExportTarget for TableFile<T> {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        self.start(summary).map_err(TableFault::boxed)
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        self.add(task).map_err(TableFault::boxed)
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.table.finish().map_err(TableFault::boxed)
    }
}
