//! A workbook of one sheet.

use crate::TooLarge;
use crate::output::Output;
use crate::table::columns::{Cell, Column, Kind};
use crate::table::table_writer::{TableError, TableWriter};
use rust_xlsxwriter::{ColNum, Format, RowNum, Workbook, Worksheet, XlsxError};
use std::io::Write;

const SHEET: &str = "statistics";

/// A spreadsheet keeps numbers as floating point, which holds each whole number up to this one.
const MAX_EXACT: i64 = 9_007_199_254_740_992;

/// In characters.
const NARROW: u16 = 12;
const WIDE: u16 = 24;

/// Writes lines to a temporary file, as a workbook cannot be begun before its end is known; then packs it.
pub(crate) struct XlsxWriter {
    output: Output,
    workbook: Workbook,
    lines: u64,
    max_lines: Option<u64>,
}

impl XlsxWriter {
    pub(crate) fn new(output: Output, max_lines: Option<u64>) -> Self {
        Self { output, workbook: Workbook::new(), lines: 0, max_lines }
    }

    fn check(&self, lines: u64) -> Result<(), TooLarge> {
        let exceeded = self.max_lines.filter(|max| lines > *max);
        exceeded.map_or(Ok(()), |max| Err(TooLarge::Lines { lines, max }))
    }

    /// The number of the next line, and the sheet.
    fn next_line(&mut self) -> Result<(RowNum, &mut Worksheet), TableError> {
        let (row, lines) = (self.lines, self.lines + 1);
        self.check(lines)?;
        let max = RowNum::MAX.into();
        let row = RowNum::try_from(row).map_err(|_| TooLarge::Lines { lines, max })?;
        self.lines = lines;
        Ok((row, self.workbook.worksheet_from_index(0)?))
    }
}

impl TableWriter for XlsxWriter {
    fn begin(&mut self, columns: &[Column], least_lines: u64) -> Result<(), TableError> {
        self.check(least_lines)?;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(SHEET)?.set_freeze_panes(1, 0)?;
        for (at, column) in (0..).zip(columns) {
            let is_text = matches!(column.kind, Kind::Text | Kind::OptionalText | Kind::Id);
            sheet.set_column_width(at, if is_text { WIDE } else { NARROW })?;
        }
        let bold = Format::new().set_bold();
        let (row, sheet) = self.next_line()?;
        for (at, column) in (0..).zip(columns) {
            sheet.write_string_with_format(row, at, &column.name, &bold)?;
        }
        Ok(())
    }

    fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), TableError> {
        let (row, sheet) = self.next_line()?;
        for (at, cell) in (0..).zip(cells) {
            write_cell(sheet, row, at, *cell)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), TableError> {
        self.workbook.save_to_writer(&mut self.output)?;
        Ok(self.output.flush()?)
    }
}

/// Text is kept as text whatever it looks like: no formula comes of it.
fn write_cell(sheet: &mut Worksheet, row: RowNum, column: ColNum, cell: Cell<'_>) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(value) => sheet.write_string(row, column, value)?,
        Cell::Code(number) => sheet.write_number(row, column, number)?,
        Cell::Count(number) if number <= MAX_EXACT => sheet.write_number(row, column, float(number))?,
        Cell::Id(number) | Cell::Count(number) => sheet.write_string(row, column, number.to_string())?,
        Cell::Nothing => sheet,
    };
    Ok(())
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no larger than what is exact")]
fn float(number: i64) -> f64 {
    number as f64
}
