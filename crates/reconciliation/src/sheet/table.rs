//! Reads the lines of a table: cells under names of columns.

pub(super) mod cell;
pub(super) mod header;
pub(super) mod role;
mod rounded;

use super::collect::{Collect, LineOf, LinesOf, is_total_word};
use super::numbers::{self, DecimalSign, Numbers};
use super::{Sheet, SheetError, SheetOptions, StatedMeasure};
use crate::ItemNames;
use cell::{Cell, Cells, shown};
use header::{Columns, Header};
use rounded::RoundedIds;
use std::borrow::Cow;

/// Takes the lines of a table.
#[derive(Debug)]
pub(super) struct Table<'n> {
    columns: Columns,
    collect: Collect<'n>,
    numbers: Numbers,
    /// Where ids may have gone through a spreadsheet.
    rounded: Option<RoundedIds>,
    /// The annotation request of all lines.
    request: Option<String>,
}

impl<'n> Table<'n> {
    /// Under these names of columns; without a decimal sign, the numbers show it.
    pub(super) fn new(
        header: &Header,
        decimal: Option<DecimalSign>,
        options: &SheetOptions,
        names: &'n ItemNames,
    ) -> Result<Self, SheetError> {
        let mut collect = Collect::new(names, options.limits, true);
        Ok(Self {
            columns: header.columns(names, &mut collect)?,
            collect,
            numbers: Numbers::new(decimal),
            rounded: Some(RoundedIds::default()),
            request: options.request.as_ref().map(|request| request.as_str().to_owned()),
        })
    }

    /// Of lines that have their names in each of them. They are written by programs: no id of theirs is rounded.
    pub(super) fn without_columns(options: &SheetOptions, names: &'n ItemNames) -> Self {
        Self {
            columns: Columns::default(),
            collect: Collect::new(names, options.limits, false),
            numbers: Numbers::new(Some(DecimalSign::Point)),
            rounded: None,
            request: options.request.as_ref().map(|request| request.as_str().to_owned()),
        }
    }

    /// These are the columns, by the first line.
    pub(super) fn begin(&mut self, columns: Columns, line: u64) -> Result<(), SheetError> {
        self.columns = columns.checked(line)?;
        Ok(())
    }

    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// What stands for an operation item of that name.
    pub(super) fn item(&mut self, name: &str) -> Result<StatedMeasure, String> {
        self.collect.item(name)
    }

    /// The count in a cell that is in no column.
    pub(super) fn count(&mut self, cell: Cell<'_>, line: u64, name: &str) -> Result<Option<i64>, SheetError> {
        self.numbers.count(cell, line, name)
    }

    /// The next line has this value, too.
    pub(super) fn state(&mut self, measure: StatedMeasure, count: i64) {
        self.collect.state(measure, count);
    }

    /// The next line.
    pub(super) fn take(&mut self, cells: &impl Cells, line: u64) -> Result<(), SheetError> {
        for column in &self.columns.measures {
            if let Some(count) = self.numbers.count(cells.cell(column.at), line, &column.name)? {
                self.collect.state(column.role, count);
            }
        }
        let of_item = self.take_item(cells, line)?;
        let name;
        let of = match self.columns.lines_of() {
            LinesOf::Ids => self.id(cells, line)?,
            LinesOf::SourceNames => {
                name = self.source_name(cells, line)?;
                name.as_deref().map_or(LineOf::Nothing, |name| self.task_of_name(name))
            }
            LinesOf::Items => of_item,
            LinesOf::Sums => LineOf::AllTasks,
        };
        let of = if of == LineOf::Nothing && starts_as_total(cells) { LineOf::Total } else { of };
        if matches!(of, LineOf::Id(_) | LineOf::SourceName(_)) {
            self.check_request(cells, line)?;
        }
        self.collect.end_line(line, of)
    }

    /// States the count of the operation item of a line, and says what the line is of where it names no task.
    fn take_item(&mut self, cells: &impl Cells, line: u64) -> Result<LineOf<'static>, SheetError> {
        let Some((item, count)) = self.columns.item.as_ref().zip(self.columns.count.as_ref()) else {
            return Ok(LineOf::Nothing);
        };
        let refused = |reason: String| SheetError::at(line, reason).in_column(&item.name);
        let number = self.numbers.count(cells.cell(count.at), line, &count.name)?;
        let name = name(cells.cell(item.at)).map_err(refused)?;
        let is_total = |name: &str| is_total_word(name) && !self.collect.is_known(name);
        match (name, number) {
            (Some(name), number) if is_total(&name) => {
                if let Some(count) = number {
                    self.collect.state_without_item(count);
                }
                Ok(LineOf::Total)
            }
            (Some(name), Some(number)) => {
                let measure = self.collect.item(&name).map_err(refused)?;
                self.collect.state(measure, number);
                Ok(LineOf::AllTasks)
            }
            (None, Some(number)) => {
                self.collect.state_without_item(number);
                Ok(LineOf::Nothing)
            }
            (Some(_), None) => Ok(LineOf::AllTasks),
            (None, None) => Ok(LineOf::Nothing),
        }
    }

    fn id(&mut self, cells: &impl Cells, line: u64) -> Result<LineOf<'static>, SheetError> {
        let Some(column) = &self.columns.id else { return Ok(LineOf::Nothing) };
        let cell = cells.cell(column.at);
        match cell {
            Cell::Blank => return Ok(LineOf::Nothing),
            Cell::Text(text) if is_total_word(text) => return Ok(LineOf::Total),
            Cell::Text(_) | Cell::Integer(_) | Cell::Number(_) | Cell::Other(_) => {}
        }
        let id = numbers::id(cell).map_err(|reason| SheetError::at(line, reason).in_column(&column.name))?;
        if let Some(rounded) = &mut self.rounded {
            rounded.look_at(id, line);
        }
        Ok(LineOf::Id(id))
    }

    fn source_name<'c>(&self, cells: &'c impl Cells, line: u64) -> Result<Option<Cow<'c, str>>, SheetError> {
        let Some(column) = &self.columns.source_name else { return Ok(None) };
        name(cells.cell(column.at)).map_err(|reason| SheetError::at(line, reason).in_column(&column.name))
    }

    /// Nothing says whether the apostrophe before a formula is that of an export, so it always is, but for programs.
    fn task_of_name<'c>(&self, name: &'c str) -> LineOf<'c> {
        let name = if self.rounded.is_some() { numbers::unguarded(name) } else { name };
        if is_total_word(name) { LineOf::Total } else { LineOf::SourceName(name.trim()) }
    }

    fn check_request(&mut self, cells: &impl Cells, line: u64) -> Result<(), SheetError> {
        let Some(column) = &self.columns.request else { return Ok(()) };
        let refused = |reason: String| SheetError::at(line, reason).in_column(&column.name);
        let found = name(cells.cell(column.at)).map_err(refused)?.unwrap_or_default();
        match &self.request {
            Some(request) if *request == found || *request == numbers::unguarded(&found).trim() => Ok(()),
            Some(request) => {
                Err(refused(format!("{} is not {}, which the sheet is compared with", shown(&found), shown(request))))
            }
            None => {
                self.request = Some(found.into_owned());
                Ok(())
            }
        }
    }

    /// The table has ended.
    pub(super) fn finish(mut self) -> Result<Sheet, SheetError> {
        self.numbers.finish()?;
        if let Some((column, rounded)) = self.columns.id.as_ref().zip(self.rounded.as_ref()) {
            rounded.check(&column.name)?;
        }
        let (of, measures) = (self.columns.lines_of(), self.columns.measures());
        Ok(self.collect.finish(of, measures, self.columns.ignored))
    }
}

/// The name in a cell, as it is written.
fn name(cell: Cell<'_>) -> Result<Option<Cow<'_, str>>, String> {
    match cell {
        Cell::Blank => Ok(None),
        Cell::Text(text) => Ok(Some(Cow::Borrowed(text))),
        Cell::Integer(number) => Ok(Some(Cow::Owned(number.to_string()))),
        Cell::Number(number) => numbers::name_of_number(number).map(|name| Some(Cow::Owned(name))),
        Cell::Other(what) => Err(format!("is {what}, where a name is wanted")),
    }
}

/// Whether the first cell that is not blank is a word for a line of sums.
fn starts_as_total(cells: &impl Cells) -> bool {
    let mut filled = (0..cells.width()).map(|at| cells.cell(at)).filter(|cell| *cell != Cell::Blank);
    matches!(filled.next(), Some(Cell::Text(text)) if is_total_word(text))
}
