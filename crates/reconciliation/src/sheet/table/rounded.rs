//! Finds out that a spreadsheet has rounded the ids of a sheet.

use crate::sheet::SheetError;
use crate::sheet::numbers::rounded_id;

/// The least number with 16 digits.
const SIXTEEN_DIGITS: u64 = 1_000_000_000_000_000;

/// What is known of the long ids of a sheet.
#[derive(Debug, Default)]
pub(crate) struct RoundedIds {
    /// The first one that ends in zeros behind 15 digits, with its line.
    first: Option<(u64, i64)>,
    /// Another one has digits there: the sheet went through no spreadsheet.
    is_exact: bool,
}

impl RoundedIds {
    /// The next id.
    pub(crate) fn look_at(&mut self, id: i64, line: u64) {
        if self.is_exact || id.unsigned_abs() < SIXTEEN_DIGITS {
            return;
        }
        match ends_as_rounded(id) {
            true if self.first.is_none() => self.first = Some((line, id)),
            true => {}
            false => self.is_exact = true,
        }
    }

    /// Refuses the sheet where all long ids end so.
    pub(crate) fn check(&self, column: &str) -> Result<(), SheetError> {
        match self.first {
            Some((line, id)) if !self.is_exact => {
                let reason = format!("{} (as are all of more than 15 digits)", rounded_id(&id.to_string()));
                Err(SheetError::at(line, reason).in_column(column))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Whether an id of more than 15 digits has zeros alone behind them.
fn ends_as_rounded(id: i64) -> bool {
    let mut lost = 1;
    while id.unsigned_abs() / lost >= SIXTEEN_DIGITS {
        lost *= 10;
    }
    id.unsigned_abs().is_multiple_of(lost)
}
