//! An export as a workbook.

use super::properties::properties;
use super::sheet::{Formats, Sheet, check_lines, columns_up_to_id};
use super::summary_sheet::SummarySheet;
use super::sums::{NamedSheet, Sums};
use crate::output::Output;
use crate::provenance::Provenance;
use crate::table::{Column, Columns, TableError};
use crate::{Layout, TooLarge};
use annotation_statistics_domain::{BoxError, ExportTarget, RecordedTask, Summary};
use jiff::ZonedDateTime;
use rust_xlsxwriter::Workbook;
use std::io::Write;

/// Writes the tasks and their operation items while they come, and the summary at the end, when the lines are known that it
/// adds up.
pub(crate) struct XlsxTarget<C> {
    output: Output,
    layout: Layout,
    clock: C,
    workbook: Workbook,
    formats: Formats,
    begun: Option<Begun>,
}

/// The sheets, once the sums are known.
struct Begun {
    summary: Summary,
    provenance: Provenance,
    page: Sheet,
    tasks: Table,
    items: Option<Table>,
}

/// A sheet with the columns that it has.
struct Table {
    sheet: Sheet,
    columns: Columns,
    names: Vec<Column>,
}

impl Table {
    fn begin(
        workbook: &mut Workbook,
        formats: &Formats,
        place: (usize, &'static str),
        columns: Columns,
    ) -> Result<Self, TableError> {
        let (mut sheet, names) = (Sheet::add(workbook, place.0, place.1)?, columns.all());
        sheet.names(workbook, formats, &names)?;
        Ok(Self { sheet, columns, names })
    }

    fn add(&mut self, workbook: &mut Workbook, task: &RecordedTask) -> Result<(), TableError> {
        let sheet = &mut self.sheet;
        self.columns.lines(task, |cells| sheet.line(workbook, cells))
    }

    fn named(&self) -> NamedSheet<'_> {
        NamedSheet { sheet: &self.sheet, columns: &self.names }
    }
}

impl<C: Fn() -> ZonedDateTime + Send> XlsxTarget<C> {
    pub(crate) fn new(output: Output, layout: Layout, clock: C) -> Self {
        Self { output, layout, clock, workbook: Workbook::new(), formats: Formats::new(), begun: None }
    }

    fn start(&mut self, summary: &Summary) -> Result<(), TableError> {
        let columns = match self.layout {
            Layout::Wide => Columns::new(Layout::Wide, summary)?,
            Layout::Long => Columns::of_tasks(summary),
        };
        check_lines(columns.least_lines())?;
        let items = items_columns(self.layout, summary)?;
        let (workbook, formats) = (&mut self.workbook, &self.formats);
        let page = Sheet::add(workbook, 0, "Summary")?;
        let tasks = Table::begin(workbook, formats, (1, "Tasks"), columns)?;
        let items = items.map(|columns| Table::begin(workbook, formats, (2, "Items"), columns)).transpose()?;
        let provenance = Provenance::new(summary, (self.clock)());
        self.begun = Some(Begun { summary: summary.clone(), provenance, page, tasks, items });
        Ok(())
    }

    fn add(&mut self, task: &RecordedTask) -> Result<(), TableError> {
        let begun = self.begun.as_mut().ok_or(TableError::NotBegun)?;
        begun.tasks.add(&mut self.workbook, task)?;
        begun.items.as_mut().map_or(Ok(()), |items| items.add(&mut self.workbook, task))
    }

    fn end(&mut self) -> Result<(), TableError> {
        let Begun { summary, provenance, page, tasks, items } = self.begun.take().ok_or(TableError::NotBegun)?;
        let (workbook, formats) = (&mut self.workbook, &self.formats);
        let sums = Sums { tasks: tasks.named(), items: items.as_ref().map(Table::named) };
        SummarySheet { page, sums: &sums, workbook, formats }.write(&summary, &provenance)?;
        for table in [Some(&tasks), items.as_ref()].into_iter().flatten() {
            table.sheet.finish_table(workbook, columns_up_to_id(&table.names))?;
        }
        workbook.set_properties(&properties(&provenance, "Summary")?);
        workbook.save_to_writer(&mut self.output)?;
        Ok(self.output.flush()?)
    }
}

/// The sheet of operation items is left out of a wide workbook that has columns for them, where they may be too many lines.
fn items_columns(layout: Layout, summary: &Summary) -> Result<Option<Columns>, TooLarge> {
    let columns = Columns::of_items(summary);
    match layout {
        Layout::Long => check_lines(columns.least_lines()).map(|()| Some(columns)),
        Layout::Wide => {
            let most = columns.least_lines().saturating_add(summary.totals().tasks);
            Ok(check_lines(most).is_ok().then_some(columns))
        }
    }
}

impl<C: Fn() -> ZonedDateTime + Send> ExportTarget for XlsxTarget<C> {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        self.start(summary).map_err(TableError::boxed)
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        self.add(task).map_err(TableError::boxed)
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.end().map_err(TableError::boxed)
    }
}
