//! The tables of a summary as a workbook with a sheet for each.

use crate::provenance::{FILTER, Provenance};
use crate::summary::tables::{Table, Value};
use crate::xlsx::properties;
use rust_xlsxwriter::{ColNum, Format, RowNum, Workbook, Worksheet, XlsxError};

/// Spreadsheets show and save 15 digits of a number.
const MAX_EXACT: u128 = 999_999_999_999_999;

/// In characters.
const NARROW: u16 = 14;
const WIDE: u16 = 38;

pub(super) fn write(tables: &[Table<'_>], provenance: &Provenance) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(provenance, FILTER)?);
    let (bold, number) = (Format::new().set_bold(), Format::new().set_num_format("#,##0"));
    for table in tables {
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(table.name)?.set_freeze_panes(1, 0)?.set_landscape().set_repeat_rows(0, 0)?;
        for (at, name) in (0..).zip(&table.columns) {
            sheet.set_column_width(at, if is_text(table, at) { WIDE } else { NARROW })?;
            sheet.write_string_with_format(0, at, *name, &bold)?;
        }
        for (row, line) in (1..).zip(&table.lines) {
            for (at, value) in (0..).zip(line) {
                write_value(sheet, row, at, *value, &number)?;
            }
        }
    }
    workbook.save_to_buffer()
}

/// Whether any line has a text there.
fn is_text(table: &Table<'_>, at: ColNum) -> bool {
    let mut values = table.lines.iter().filter_map(|line| line.get(usize::from(at)));
    values.any(|value| matches!(value, Value::Text(_)))
}

/// Text is kept as text whatever it looks like: no formula comes of it. So is a number that would be rounded.
fn write_value(
    sheet: &mut Worksheet,
    row: RowNum,
    at: ColNum,
    value: Value<'_>,
    number: &Format,
) -> Result<(), XlsxError> {
    match value {
        Value::Text(text) => sheet.write_string(row, at, text)?,
        Value::Code(code) => sheet.write_number(row, at, code)?,
        Value::Sum(sum) if sum <= MAX_EXACT => sheet.write_number_with_format(row, at, float(sum), number)?,
        Value::Sum(sum) => sheet.write_string(row, at, sum.to_string())?,
        Value::Nothing => sheet,
    };
    Ok(())
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no larger than what is exact")]
fn float(number: u128) -> f64 {
    number as f64
}
