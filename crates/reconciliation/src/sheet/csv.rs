//! CSV: lines of cells, with a sign between them.

mod lines;

use super::numbers::DecimalSign;
use super::table::Table;
use super::table::header::{Header, LAST_LINE};
use super::text::{Input, Text};
use super::{Sheet, SheetError, SheetOptions};
use crate::ItemNames;
use lines::Lines;

/// What may be between cells, the likeliest first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The header of a file as one separator has it.
struct Found {
    separator: u8,
    header: Header,
}

pub(super) fn read(input: &mut dyn Input, options: &SheetOptions, names: &ItemNames) -> Result<Sheet, SheetError> {
    let Found { separator, header } = find(input, names)?;
    let mut table = Table::new(&header, decimal_sign(separator), options, names)?;
    let mut lines = Lines::new(Text::new(input)?, separator);
    while let Some(line) = lines.next()? {
        if line.number > header.line() {
            table.take(&line, line.number)?;
        }
    }
    table.finish()
}

/// Which sign is before decimals where this one is between cells. A tab and a bar say nothing of it.
fn decimal_sign(separator: u8) -> Option<DecimalSign> {
    match separator {
        b',' => Some(DecimalSign::Point),
        b';' => Some(DecimalSign::Comma),
        _ => None,
    }
}

/// The separator by which most columns are understood.
fn find(input: &mut dyn Input, names: &ItemNames) -> Result<Found, SheetError> {
    let stated = stated_separator(input)?;
    let mut best: Option<(usize, Found)> = None;
    let mut others: Option<Header> = None;
    let mut first_error = None;
    for separator in SEPARATORS.into_iter().filter(|separator| stated.is_none_or(|stated| stated == *separator)) {
        let mut lines = Lines::new(Text::new(input)?, separator);
        let mut look = || -> Result<(), SheetError> {
            while let Some(line) = lines.next()?.filter(|line| line.number <= LAST_LINE) {
                let header = Header::of(&line, line.number);
                if let Some(known) = header.understood(names) {
                    if best.as_ref().is_none_or(|(most, _)| known > *most) {
                        best = Some((known, Found { separator, header }));
                    }
                    break;
                }
                if others.as_ref().is_none_or(|other| header.width() > other.width()) {
                    others = Some(header);
                }
            }
            Ok(())
        };
        if let Err(error) = look() {
            first_error.get_or_insert(error);
        }
    }
    match (best, first_error) {
        (Some((_, found)), _) => Ok(found),
        (None, Some(error)) => Err(error),
        (None, None) => Err(Header::none_found(others.as_ref())),
    }
}

/// What the first line says, as Excel writes and reads it: `sep=;`.
fn stated_separator(input: &mut dyn Input) -> Result<Option<u8>, SheetError> {
    let mut text = Text::new(input)?;
    let start = text.fill()?;
    Ok(match start {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator, b'\r' | b'\n', ..] => Some(*separator),
        _ => None,
    })
}
