//! XLSX: the worksheet of a workbook, row by row.

mod part;
mod parts;
mod rows;

use super::table::Table;
use super::table::header::{Header, LAST_LINE};
use super::text::Input;
use super::{Sheet, SheetError, SheetOptions};
use crate::ItemNames;
use calamine::{Reader, Xlsx};
use rows::{Rows, damaged};
use std::panic::{self, AssertUnwindSafe};

/// As many names of worksheets an error shows.
const SHOWN_WORKSHEETS: usize = 10;

type Workbook<'a> = Xlsx<&'a mut dyn Input>;

pub(super) fn read(input: &mut dyn Input, options: &SheetOptions, names: &ItemNames) -> Result<Sheet, SheetError> {
    parts::check(input, &options.limits)?;
    // calamine adds up places of cells as they are stated, and panics where that overflows and is checked.
    let read = panic::catch_unwind(AssertUnwindSafe(|| read_checked(input, options, names)));
    read.unwrap_or_else(|_| {
        Err(SheetError::new("is no XLSX workbook that can be read: save it again, or as CSV UTF-8"))
    })
}

fn read_checked(input: &mut dyn Input, options: &SheetOptions, names: &ItemNames) -> Result<Sheet, SheetError> {
    let mut workbook: Workbook<'_> = Xlsx::new(input).map_err(|error| damaged(&error))?;
    let (worksheet, header) = find(&mut workbook, options, names)?;
    // Text cells alone have signs between digits, and nothing says which are before decimals.
    let mut table = Table::new(&header, None, options, names)?;
    let mut rows = Rows::of(&mut workbook, &worksheet)?;
    while let Some(row) = rows.next()? {
        if row.number > header.line() {
            table.take(&row, row.number)?;
        }
    }
    table.finish()
}

/// The worksheet that is meant, and its line of names: the first that is of tasks, else the first that is of sums.
fn find(
    workbook: &mut Workbook<'_>,
    options: &SheetOptions,
    names: &ItemNames,
) -> Result<(String, Header), SheetError> {
    let all = workbook.sheet_names();
    let meant = match &options.worksheet {
        None => all,
        Some(name) if all.contains(name) => vec![name.clone()],
        Some(name) => {
            let all: Vec<_> = all.iter().take(SHOWN_WORKSHEETS).map(String::as_str).collect();
            return Err(SheetError::new(format!("has no worksheet {name}, but {}", all.join(", "))));
        }
    };
    let (mut of_sums, mut instead) = (None, None);
    for worksheet in meant {
        match header_of(workbook, &worksheet, names)? {
            (Some(header), _) if header.is_of_tasks(names) => return Ok((worksheet, header)),
            (Some(header), _) => of_sums = of_sums.or(Some((worksheet, header))),
            (None, other) => instead = instead.or(other),
        }
    }
    of_sums.ok_or_else(|| Header::none_found(instead.as_ref()))
}

/// The line of names of a worksheet; without one, the line with the most texts.
fn header_of(
    workbook: &mut Workbook<'_>,
    worksheet: &str,
    names: &ItemNames,
) -> Result<(Option<Header>, Option<Header>), SheetError> {
    let mut instead: Option<Header> = None;
    // A chart has a sheet of its own, without rows.
    let Ok(mut rows) = Rows::of(workbook, worksheet) else { return Ok((None, None)) };
    while let Some(row) = rows.next()?.filter(|row| row.number <= LAST_LINE) {
        let header = Header::of(&row, row.number);
        if header.understood(names).is_some() {
            return Ok((Some(header), None));
        }
        if instead.as_ref().is_none_or(|other| header.width() > other.width()) {
            instead = Some(header);
        }
    }
    Ok((None, instead))
}
