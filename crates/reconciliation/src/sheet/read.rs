//! Reads a sheet, whatever its format.

use super::text::{Input, unreadable};
use super::{Sheet, SheetError, SheetFormat, SheetOptions, csv, json_lines, workbook};
use crate::ItemNames;
use std::io::{Read, Seek, SeekFrom};

impl Sheet {
    /// Reads a sheet to its end. Names of operation items are keys or labels; what is neither is kept as a key that only
    /// the sheet has.
    ///
    /// # Errors
    /// [`SheetError`], with the line and the column: nothing of a sheet with an error is compared.
    pub fn read(mut input: impl Read + Seek, options: &SheetOptions, names: &ItemNames) -> Result<Self, SheetError> {
        check_size(&mut input, options.limits.max_bytes)?;
        let found = format_of(&mut input)?;
        match options.format.unwrap_or(found) {
            SheetFormat::Csv => csv::read(&mut input, options, names),
            SheetFormat::Xlsx => workbook::read(&mut input, options, names),
            SheetFormat::JsonLines => json_lines::read(&mut input, options, names),
        }
    }
}

/// As much is looked at.
const START_BYTES: u64 = 1024;
/// How an archive begins.
const PACKED: [u8; 4] = *b"PK\x03\x04";
/// How an old workbook begins, and one with a password.
const COMPOUND: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The format of a file that begins like this one.
fn format_of(input: &mut dyn Input) -> Result<SheetFormat, SheetError> {
    let mut start = Vec::new();
    input.seek(SeekFrom::Start(0)).map_err(|error| unreadable(&error))?;
    input.take(START_BYTES).read_to_end(&mut start).map_err(|error| unreadable(&error))?;
    if start.starts_with(&COMPOUND) {
        let reason = "is a workbook with a password or an old one (.xls): save it as .xlsx without a password";
        return Err(SheetError::new(reason));
    }
    let text = start.strip_prefix(&BYTE_ORDER_MARK).unwrap_or(&start);
    Ok(if start.starts_with(&PACKED) {
        SheetFormat::Xlsx
    } else if text.trim_ascii_start().starts_with(b"{") {
        SheetFormat::JsonLines
    } else {
        SheetFormat::Csv
    })
}

fn check_size(input: &mut dyn Input, allowed: u64) -> Result<(), SheetError> {
    match input.seek(SeekFrom::End(0)).map_err(|error| unreadable(&error))? {
        0 => Err(SheetError::new("is empty")),
        size if size > allowed => {
            Err(SheetError::new(format!("has {size} bytes, of which {allowed} are allowed: split it")))
        }
        _ => Ok(()),
    }
}
