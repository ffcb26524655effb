//! The lines of a text file, one at a time, in memory with a bound.

use crate::sheet::SheetError;
use crate::sheet::text::{Text, utf8};

/// The longest line.
const MAX_LINE_BYTES: usize = 1024 * 1024;

/// Reads the lines of a file.
pub(super) struct Lines<'a> {
    text: Text<'a>,
    line: Vec<u8>,
    number: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: Text<'a>) -> Self {
        Self { text, line: Vec::new(), number: 0 }
    }

    /// The next line that is not blank, with its number, from 1; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &str)>, SheetError> {
        loop {
            self.line.clear();
            if !self.read()? {
                return Ok(None);
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        Ok(Some((self.number, utf8(&self.line, self.number)?)))
    }

    /// Whether there was a line.
    fn read(&mut self) -> Result<bool, SheetError> {
        self.number += 1;
        loop {
            let input = self.text.fill()?;
            if input.is_empty() {
                return Ok(!self.line.is_empty());
            }
            let end = input.iter().position(|byte| *byte == b'\n');
            let piece = input.get(..end.unwrap_or(input.len())).unwrap_or_default();
            if self.line.len() + piece.len() > MAX_LINE_BYTES {
                return Err(SheetError::at(self.number, format!("is longer than {MAX_LINE_BYTES} bytes")));
            }
            self.line.extend_from_slice(piece);
            let taken = piece.len() + usize::from(end.is_some());
            self.text.take(taken);
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}
