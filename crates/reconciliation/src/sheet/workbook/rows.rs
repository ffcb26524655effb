//! The rows of a worksheet, one at a time.

use crate::sheet::SheetError;
use crate::sheet::table::cell::{Cell, Cells};
use crate::sheet::table::header::MAX_COLUMNS;
use calamine::{DataRef, Xlsx, XlsxCellReader, XlsxError};
use std::io::{Read, Seek};

/// Reads the rows of a worksheet that have cells.
pub(super) struct Rows<'a, R: Read + Seek> {
    cells: XlsxCellReader<'a, R>,
    /// The first cell of the next row.
    next: Option<calamine::Cell<DataRef<'a>>>,
    has_ended: bool,
    row: Vec<calamine::Cell<DataRef<'a>>>,
}

/// A row.
pub(super) struct Row<'a> {
    /// From 1.
    pub(super) number: u64,
    /// In the order of their columns, which count from 0.
    cells: &'a [calamine::Cell<DataRef<'a>>],
}

impl<'a, R: Read + Seek> Rows<'a, R> {
    pub(super) fn of(workbook: &'a mut Xlsx<R>, worksheet: &str) -> Result<Self, SheetError> {
        let cells = workbook.worksheet_cells_reader(worksheet).map_err(|error| damaged(&error))?;
        Ok(Self { cells, next: None, has_ended: false, row: Vec::new() })
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, SheetError> {
        let first = match self.next.take() {
            Some(first) => Some(first),
            None => self.next_cell()?,
        };
        let Some(first) = first else { return Ok(None) };
        let (row, _) = first.get_position();
        self.row.clear();
        self.add(first)?;
        while let Some(cell) = self.next_cell()? {
            if cell.get_position().0 != row {
                self.next = Some(cell);
                break;
            }
            self.add(cell)?;
        }
        if !self.row.is_sorted_by_key(column) {
            self.row.sort_by_key(column);
        }
        Ok(Some(Row { number: u64::from(row) + 1, cells: &self.row }))
    }

    fn next_cell(&mut self) -> Result<Option<calamine::Cell<DataRef<'a>>>, SheetError> {
        if self.has_ended {
            return Ok(None);
        }
        let cell = self.cells.next_cell().map_err(|error| damaged(&error))?;
        self.has_ended = cell.is_none();
        Ok(cell)
    }

    fn add(&mut self, cell: calamine::Cell<DataRef<'a>>) -> Result<(), SheetError> {
        if column(&cell) >= MAX_COLUMNS || self.row.len() >= MAX_COLUMNS {
            let line = u64::from(cell.get_position().0) + 1;
            return Err(SheetError::at(line, format!("has more than {MAX_COLUMNS} columns")));
        }
        self.row.push(cell);
        Ok(())
    }
}

impl Cells for Row<'_> {
    fn width(&self) -> usize {
        self.cells.last().map_or(0, |cell| column(cell) + 1)
    }

    fn cell(&self, at: usize) -> Cell<'_> {
        let place = self.cells.binary_search_by_key(&at, column);
        place.ok().and_then(|place| self.cells.get(place)).map_or(Cell::Blank, |found| cell(found.get_value()))
    }
}

/// From 0.
fn column(cell: &calamine::Cell<DataRef<'_>>) -> usize {
    usize::try_from(cell.get_position().1).unwrap_or(usize::MAX)
}

fn cell<'a>(value: &'a DataRef<'_>) -> Cell<'a> {
    match value {
        DataRef::Empty => Cell::Blank,
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Float(number) => Cell::Number(*number),
        #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "refused from 2^53 on, as any number")]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Bool(_) => Cell::Other("true or false"),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Cell::Other("a date or a time"),
        DataRef::Error(_) => Cell::Other("the error of a formula"),
    }
}

/// Of a workbook that no program wrote like that.
pub(super) fn damaged(error: &XlsxError) -> SheetError {
    SheetError::new(format!("is no XLSX workbook that can be read ({error}): save it again, or as CSV UTF-8"))
}
