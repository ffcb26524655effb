//! A sheet that is written line by line, in memory that does not grow with it.

use crate::table::{Cell, Column, Kind, TableError};
use crate::{ExportFormat, TooLarge};
use jiff::Timestamp;
use rust_xlsxwriter::{
    ColNum, ExcelDateTime, Format, Formula, RowNum, Workbook, Worksheet, XlsxError, utility::column_number_to_name,
};

/// Spreadsheets show and save 15 digits of a number.
pub(super) const MAX_EXACT: u128 = 999_999_999_999_999;

/// Columns are as wide as what they have, within these bounds, in characters.
const NARROWEST: usize = 8;
const WIDEST: usize = 60;
/// What the button of a filter takes of the line of names.
const FILTER_BUTTON: usize = 3;

/// ISO 216.
const PAPER_A4: u8 = 9;

/// The text formats of a workbook.
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) count: Format,
    code: Format,
    time: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let heading = Format::new().set_bold().set_background_color("#E7ECF3");
        Self {
            title: Format::new().set_bold().set_font_size(14),
            heading,
            count: Format::new().set_num_format("#,##0"),
            code: Format::new().set_num_format("0"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        }
    }
}

/// What is written to a sheet, and where its next line is.
pub(super) struct Sheet {
    index: usize,
    name: &'static str,
    lines: u64,
    /// In characters, by column.
    widths: Vec<usize>,
}

impl Sheet {
    /// Adds a sheet; its lines wait in a temporary file, as a workbook cannot be begun before its end is known.
    pub(super) fn add(workbook: &mut Workbook, index: usize, name: &'static str) -> Result<Self, XlsxError> {
        workbook.add_worksheet_with_constant_memory()?.set_name(name)?;
        Ok(Self { index, name, lines: 0, widths: Vec::new() })
    }

    /// The number of lines so far, which is that of the last line as people count.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// The line of the names of the columns.
    pub(super) fn names(&mut self, to: &mut Workbook, formats: &Formats, columns: &[Column]) -> Result<(), TableError> {
        for (at, column) in columns.iter().enumerate() {
            self.widen(at, column.name.chars().count() + FILTER_BUTTON);
        }
        let (row, sheet) = self.next_line(to)?;
        for (at, column) in (0..).zip(columns) {
            // Of the column: one for each cell would be looked up a million times.
            match column.kind {
                Kind::Code => drop(sheet.set_column_format(at, &formats.code)?),
                Kind::Count | Kind::OptionalCount => drop(sheet.set_column_format(at, &formats.count)?),
                Kind::Text | Kind::OptionalText | Kind::Id => {}
            }
            sheet.write_string_with_format(row, at, &column.name, &formats.heading)?;
        }
        Ok(())
    }

    /// The next line, with a cell for each column.
    pub(super) fn line(&mut self, to: &mut Workbook, cells: &[Cell<'_>]) -> Result<(), TableError> {
        for (at, cell) in cells.iter().enumerate() {
            self.widen(at, width(*cell));
        }
        let (row, sheet) = self.next_line(to)?;
        for (at, cell) in (0..).zip(cells) {
            write_cell(sheet, row, at, *cell)?;
        }
        Ok(())
    }

    /// The next line of a sheet that is no table.
    pub(super) fn free_line(
        &mut self,
        to: &mut Workbook,
        formats: &Formats,
        cells: &[Value<'_>],
    ) -> Result<(), TableError> {
        for (at, cell) in cells.iter().enumerate() {
            self.widen(at, cell.width());
        }
        let (row, sheet) = self.next_line(to)?;
        for (at, cell) in (0..).zip(cells) {
            cell.write(sheet, row, at, formats)?;
        }
        Ok(())
    }

    /// Sets what a table has on the screen and on paper: a line of names that stays, as the first columns do, filters, and
    /// columns as wide as their content.
    pub(super) fn finish_table(&self, to: &mut Workbook, fixed: ColNum) -> Result<(), TableError> {
        let last_column = ColNum::try_from(self.widths.len().saturating_sub(1)).unwrap_or(ColNum::MAX);
        let last_row = RowNum::try_from(self.lines.saturating_sub(1)).unwrap_or(RowNum::MAX);
        let sheet = to.worksheet_from_index(self.index)?;
        sheet.set_freeze_panes(1, fixed)?.autofilter(0, 0, last_row, last_column)?.set_repeat_rows(0, 0)?;
        self.finish(to)
    }

    /// Sets widths and paper.
    pub(super) fn finish(&self, to: &mut Workbook) -> Result<(), TableError> {
        let sheet = to.worksheet_from_index(self.index)?;
        sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0).set_footer("&L&A&R&P / &N");
        for (at, width) in (0..).zip(&self.widths) {
            let width = (*width).clamp(NARROWEST, WIDEST) + 1;
            sheet.set_column_width(at, u32::try_from(width).unwrap_or(u32::MAX))?;
        }
        Ok(())
    }

    /// The cells of a column between two lines, as people count lines, for a formula in another sheet.
    pub(super) fn range(&self, column: ColNum, first: u64, last: u64) -> String {
        let column = column_number_to_name(column);
        format!("{}!${column}${first}:${column}${last}", self.name)
    }

    fn widen(&mut self, at: usize, width: usize) {
        match self.widths.get_mut(at) {
            Some(known) => *known = (*known).max(width),
            None => self.widths.push(width),
        }
    }

    /// The number of the next line, and the sheet.
    fn next_line<'a>(&mut self, to: &'a mut Workbook) -> Result<(RowNum, &'a mut Worksheet), TableError> {
        let (row, lines) = (self.lines, self.lines + 1);
        check_lines(lines)?;
        let row = RowNum::try_from(row).map_err(|_| TooLarge::Lines { lines, max: RowNum::MAX.into() })?;
        self.lines = lines;
        Ok((row, to.worksheet_from_index(self.index)?))
    }
}

/// Whether a sheet has so many lines.
pub(super) fn check_lines(lines: u64) -> Result<(), TooLarge> {
    let exceeded = ExportFormat::Xlsx.max_lines().filter(|max| lines > *max);
    exceeded.map_or(Ok(()), |max| Err(TooLarge::Lines { lines, max }))
}

/// What a cell outside of tables has.
pub(super) enum Value<'a> {
    Nothing,
    /// A large text that reaches over the next cells.
    Title(&'a str),
    Heading(&'a str),
    Text(&'a str),
    /// A text that reaches over the next cells.
    Note(&'a str),
    Time(Option<Timestamp>),
    Code(i64),
    /// A sum, and the formula that gives it; a sum that no number of a spreadsheet holds is a text.
    Sum(u128, Option<String>),
    /// A sum, or by how much it has grown; a text where no number of a spreadsheet holds it.
    Number(i128),
}

impl Value<'_> {
    fn width(&self) -> usize {
        match self {
            Self::Nothing | Self::Title(_) | Self::Note(_) => 0,
            Self::Heading(text) | Self::Text(text) => text.chars().count(),
            Self::Time(_) => "2026-11-30 12:00:00".len(),
            Self::Code(number) => digits(*number),
            Self::Sum(sum, _) => grouped(sum.to_string().len()),
            Self::Number(number) => grouped(number.to_string().len()),
        }
    }

    fn write(&self, sheet: &mut Worksheet, row: RowNum, at: ColNum, formats: &Formats) -> Result<(), XlsxError> {
        match self {
            Self::Nothing | Self::Time(None) => {}
            Self::Title(text) => drop(sheet.write_string_with_format(row, at, *text, &formats.title)?),
            Self::Heading(text) => drop(sheet.write_string_with_format(row, at, *text, &formats.heading)?),
            Self::Text(text) | Self::Note(text) => drop(sheet.write_string(row, at, *text)?),
            Self::Time(Some(time)) => {
                let time = ExcelDateTime::from_timestamp(time.as_second())?;
                sheet.write_datetime_with_format(row, at, &time, &formats.time)?;
            }
            Self::Code(number) => drop(sheet.write_number_with_format(row, at, float(*number), &formats.code)?),
            Self::Sum(sum, _) if *sum > MAX_EXACT => drop(sheet.write_string(row, at, sum.to_string())?),
            Self::Sum(sum, Some(formula)) => {
                let formula = Formula::new(formula).set_result(sum.to_string());
                sheet.write_formula_with_format(row, at, formula, &formats.count)?;
            }
            Self::Number(number) if number.unsigned_abs() > MAX_EXACT => {
                sheet.write_string(row, at, number.to_string())?;
            }
            Self::Number(number) => {
                let number = float(i64::try_from(*number).unwrap_or(i64::MAX));
                sheet.write_number_with_format(row, at, number, &formats.count)?;
            }
            Self::Sum(sum, None) => {
                let number = float(i64::try_from(*sum).unwrap_or(i64::MAX));
                sheet.write_number_with_format(row, at, number, &formats.count)?;
            }
        }
        Ok(())
    }
}

/// Text is kept as text whatever it looks like: no formula comes of it.
fn write_cell(sheet: &mut Worksheet, row: RowNum, column: ColNum, cell: Cell<'_>) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(value) => drop(sheet.write_string(row, column, value)?),
        Cell::Code(number) => drop(sheet.write_number(row, column, number)?),
        Cell::Count(number) if u128::from(number.unsigned_abs()) <= MAX_EXACT => {
            sheet.write_number(row, column, float(number))?;
        }
        Cell::Id(number) | Cell::Count(number) => drop(sheet.write_string(row, column, number.to_string())?),
        Cell::Nothing => {}
    }
    Ok(())
}

/// How many characters it shows; of a number with a separator between each three digits.
fn width(cell: Cell<'_>) -> usize {
    match cell {
        Cell::Text(text) => text.chars().count(),
        Cell::Id(number) => digits(number),
        Cell::Code(number) => digits(number.into()),
        Cell::Count(number) => grouped(digits(number)),
        Cell::Nothing => 0,
    }
}

fn digits(number: i64) -> usize {
    let digits = number.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1);
    usize::try_from(digits).unwrap_or(usize::MAX) + usize::from(number < 0)
}

fn grouped(digits: usize) -> usize {
    digits + digits.saturating_sub(1) / 3
}

/// The columns of this kind stay where the others are scrolled.
pub(super) fn columns_up_to_id(columns: &[Column]) -> ColNum {
    let id = columns.iter().position(|column| column.kind == Kind::Id).map_or(0, |at| at + 1);
    ColNum::try_from(id).unwrap_or(0)
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no larger than what is exact")]
fn float(number: i64) -> f64 {
    number as f64
}
