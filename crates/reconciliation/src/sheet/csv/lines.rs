//! The lines of a CSV file, one at a time, in memory with a bound.

use crate::sheet::SheetError;
use crate::sheet::table::cell::{Cell, Cells};
use crate::sheet::table::header::MAX_COLUMNS;
use crate::sheet::text::{Text, utf8};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// The longest line. The longest of our own exports, with all columns that a table may have, is shorter.
const MAX_LINE_BYTES: usize = 1024 * 1024;

/// Most lines are shorter, and have fewer cells.
const USUAL_LINE_BYTES: usize = 1024;
const USUAL_CELLS: usize = 64;

/// Reads the lines of a file.
pub(super) struct Lines<'a> {
    text: Text<'a>,
    reader: Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// A line, which may be several of the file: a cell in quotes may have line ends.
pub(super) struct Line<'a> {
    /// Where it begins, from 1.
    pub(super) number: u64,
    text: &'a str,
    ends: &'a [usize],
}

/// How far a line is read.
#[derive(Default)]
struct Progress {
    bytes: usize,
    ends: usize,
    /// Something of it was read.
    has_begun: bool,
    /// It ended with a line feed, which is counted already.
    is_counted: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: Text<'a>, separator: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(separator).build();
        Self { text, reader, bytes: vec![0; USUAL_LINE_BYTES], ends: vec![0; USUAL_CELLS] }
    }

    /// The next line that is not empty; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, SheetError> {
        let mut progress = Progress::default();
        if !self.read(&mut progress)? {
            return Ok(None);
        }
        let bytes = self.bytes.get(..progress.bytes).unwrap_or_default();
        let number = self.reader.line().saturating_sub(line_ends(bytes) + u64::from(progress.is_counted));
        let text = utf8(bytes, number)?;
        Ok(Some(Line { number, text, ends: self.ends.get(..progress.ends).unwrap_or_default() }))
    }

    /// Whether there was a line.
    fn read(&mut self, progress: &mut Progress) -> Result<bool, SheetError> {
        loop {
            let input = self.text.fill()?;
            let has_ended = input.is_empty();
            // A line end behind the last line does nothing, unless a cell is still in its quotes.
            let input = if has_ended { b"\n" } else { input };
            let output = self.bytes.get_mut(progress.bytes..).unwrap_or_default();
            let ends = self.ends.get_mut(progress.ends..).unwrap_or_default();
            let (result, taken, written, ended) = self.reader.read_record(input, output, ends);
            progress.bytes += written;
            progress.ends += ended;
            let taken_bytes = input.get(..taken).unwrap_or_default();
            match result {
                ReadRecordResult::Record => {
                    progress.is_counted = taken_bytes.last() == Some(&b'\n');
                    self.text.take(if has_ended { 0 } else { taken });
                    return Ok(true);
                }
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::InputEmpty if has_ended && progress.has_begun => {
                    return Err(self.not_closed(progress));
                }
                ReadRecordResult::InputEmpty if has_ended => return Ok(false),
                ReadRecordResult::InputEmpty => {
                    progress.has_begun |= taken_bytes.iter().any(|byte| !matches!(byte, b'\r' | b'\n'));
                }
                ReadRecordResult::OutputFull => self.more_bytes()?,
                ReadRecordResult::OutputEndsFull => self.more_ends()?,
            }
            progress.has_begun |= written + ended > 0;
            self.text.take(taken);
        }
    }

    /// Of the line in which such a cell begins.
    fn not_closed(&self, progress: &Progress) -> SheetError {
        let bytes = self.bytes.get(..progress.bytes).unwrap_or_default();
        let line = self.reader.line().saturating_sub(line_ends(bytes));
        SheetError::at(line, "has a cell whose quotation marks are not closed before the end of the sheet")
    }

    fn more_bytes(&mut self) -> Result<(), SheetError> {
        if self.bytes.len() >= MAX_LINE_BYTES {
            let reason = format!(
                "is longer than {MAX_LINE_BYTES} bytes with the lines before it: is a quotation mark not closed?"
            );
            return Err(SheetError::at(self.reader.line(), reason));
        }
        self.bytes.resize((self.bytes.len() * 2).min(MAX_LINE_BYTES), 0);
        Ok(())
    }

    fn more_ends(&mut self) -> Result<(), SheetError> {
        if self.ends.len() >= MAX_COLUMNS {
            return Err(SheetError::at(self.reader.line(), format!("has more than {MAX_COLUMNS} columns")));
        }
        self.ends.resize((self.ends.len() * 2).min(MAX_COLUMNS), 0);
        Ok(())
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.split(|byte| *byte == b'\n').skip(1).map(|_| 1).sum()
}

impl Cells for Line<'_> {
    fn width(&self) -> usize {
        self.ends.len()
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        let start = column.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(column).copied());
        // A file may have a character over two cells that is none in either.
        range.map_or(Cell::Blank, |(start, end)| self.text.get(start..end).map_or(Cell::Other("no UTF-8"), Cell::text))
    }
}
