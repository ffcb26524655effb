//! The rows of one side, a line each.

use annotation_statistics_domain::{BoxError, RowFrame};
use std::io::{BufRead, Read};
use zstd::stream::read::Decoder;

/// The most bytes of a line: more than a task with the most operation items takes.
const MAX_LINE_BYTES: u64 = 128 * 1024 * 1024;

/// Rows in ascending order of the ids of their tasks: lines of JSON without their line ends.
pub trait RowLines {
    /// The row that it is at; `None` behind the last one.
    fn line(&self) -> Option<&[u8]>;

    /// Goes to the next row.
    ///
    /// # Errors
    /// When that cannot be read.
    fn advance(&mut self) -> Result<(), BoxError>;
}

/// The rows of the frames of a statement. It holds one frame.
#[derive(Debug)]
pub struct FrameLines<I> {
    frames: I,
    rows: Vec<u8>,
    /// Where the current line starts, and where it ends.
    start: usize,
    end: usize,
}

impl<I: Iterator<Item = Result<RowFrame, BoxError>>> FrameLines<I> {
    /// At the first row.
    ///
    /// # Errors
    /// When the first frame cannot be read.
    pub fn new(frames: I) -> Result<Self, BoxError> {
        let mut lines = Self { frames, rows: Vec::new(), start: 0, end: 0 };
        lines.next_frame()?;
        Ok(lines)
    }

    fn next_frame(&mut self) -> Result<(), BoxError> {
        self.rows.clear();
        self.start = 0;
        while self.rows.is_empty() {
            let Some(frame) = self.frames.next() else { break };
            Decoder::with_buffer(frame?.zstd.as_slice())?.read_to_end(&mut self.rows)?;
        }
        self.find_end()
    }

    fn find_end(&mut self) -> Result<(), BoxError> {
        let rest = self.rows.get(self.start..).unwrap_or_default();
        let length = { rest }.skip_until(b'\n')?;
        let is_ended = rest.get(..length).is_some_and(|line| line.ends_with(b"\n"));
        self.end = self.start + length - usize::from(is_ended);
        Ok(())
    }
}

impl<I: Iterator<Item = Result<RowFrame, BoxError>>> RowLines for FrameLines<I> {
    fn line(&self) -> Option<&[u8]> {
        self.rows.get(self.start..self.end).filter(|line| !line.is_empty())
    }

    fn advance(&mut self) -> Result<(), BoxError> {
        self.start = self.end + 1;
        if self.start < self.rows.len() {
            return self.find_end();
        }
        self.next_frame()
    }
}

/// The rows of a file of JSON Lines; blank lines are left out.
#[derive(Debug)]
pub struct TextLines<R> {
    input: R,
    line: Vec<u8>,
}

impl<R: BufRead> TextLines<R> {
    /// At the first row.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn new(input: R) -> Result<Self, BoxError> {
        let mut lines = Self { input, line: Vec::new() };
        lines.advance()?;
        Ok(lines)
    }
}

impl<R: BufRead> RowLines for TextLines<R> {
    fn line(&self) -> Option<&[u8]> {
        Some(self.line.as_slice()).filter(|line| !line.is_empty())
    }

    fn advance(&mut self) -> Result<(), BoxError> {
        loop {
            self.line.clear();
            let read = (&mut self.input).take(MAX_LINE_BYTES).read_until(b'\n', &mut self.line)?;
            let is_whole = self.line.ends_with(b"\n") || u64::try_from(read).is_ok_and(|read| read < MAX_LINE_BYTES);
            if !is_whole {
                return Err(format!("a line is longer than {MAX_LINE_BYTES} bytes").into());
            }
            let length = self.line.trim_ascii_end().len();
            self.line.truncate(length);
            if read == 0 || !self.line.is_empty() {
                return Ok(());
            }
        }
    }
}

/// Both sides may be chosen while it runs.
impl<T: RowLines + ?Sized> RowLines for Box<T> {
    fn line(&self) -> Option<&[u8]> {
        (**self).line()
    }

    fn advance(&mut self) -> Result<(), BoxError> {
        (**self).advance()
    }
}
