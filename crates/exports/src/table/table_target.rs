//! An export as a table, in whatever format.

use crate::Layout;
use crate::provenance::Provenance;
use crate::table::columns::Columns;
use crate::table::table_writer::{TableError, TableWriter};
use annotation_statistics_domain::{BoxError, ExportTarget, RecordedTask, Summary};
use jiff::ZonedDateTime;

/// Turns tasks into the lines of a table.
pub(crate) struct TableTarget<T, C> {
    layout: Layout,
    clock: C,
    columns: Option<Columns>,
    table: T,
}

impl<T: TableWriter, C: Fn() -> ZonedDateTime + Send> TableTarget<T, C> {
    pub(crate) fn new(layout: Layout, clock: C, table: T) -> Self {
        Self { layout, clock, columns: None, table }
    }

    fn start(&mut self, summary: &Summary) -> Result<(), TableError> {
        let columns = Columns::new(self.layout, summary)?;
        self.table.begin(&columns.all(), &Provenance::new(summary, (self.clock)()))?;
        self.columns = Some(columns);
        Ok(())
    }

    fn add(&mut self, task: &RecordedTask) -> Result<(), TableError> {
        let table = &mut self.table;
        self.columns.as_ref().ok_or(TableError::NotBegun)?.lines(task, |cells| table.line(cells))
    }
}

impl<T: TableWriter, C: Fn() -> ZonedDateTime + Send> ExportTarget for TableTarget<T, C> {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        self.start(summary).map_err(TableError::boxed)
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        self.add(task).map_err(TableError::boxed)
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.table.finish().map_err(TableError::boxed)
    }
}
