//! The rows of a statement: JSON Lines, compressed by frames of so many rows.

use crate::draft_error::DraftError;
use annotation_statistics_domain::{RecordedTask, RowFrame, RowsDigest, Sha256, TaskId};
use annotation_statistics_exports::write_line;
use annotation_statistics_formats::{JsonLines, LineError};
use sha2::{Digest, Sha256 as Hash};
use std::io::{self, BufRead, BufReader};
use zstd::bulk::Compressor;

/// Smaller than that of level 1, at the same speed for so little.
const LEVEL: i32 = 3;

/// The tasks of a frame, in their order, one at a time.
///
/// # Errors
/// When it cannot be decompressed; the lines have errors of their own.
pub fn rows_of_frame(zstd: &[u8]) -> io::Result<impl Iterator<Item = Result<RecordedTask, LineError>>> {
    rows_of_frame_from(zstd, 0)
}

/// The same without so many at its start, which are not parsed. The place of a task counts from the first one that is.
///
/// # Errors
/// Those of [`rows_of_frame`].
pub fn rows_of_frame_from(
    zstd: &[u8],
    skipped: u64,
) -> io::Result<impl Iterator<Item = Result<RecordedTask, LineError>>> {
    let mut lines = BufReader::new(zstd::stream::read::Decoder::with_buffer(zstd)?);
    for _ in 0..skipped {
        lines.skip_until(b'\n')?;
    }
    Ok(JsonLines::new(lines))
}

/// Rows that become frames.
pub(crate) struct FrameWriter {
    compressor: Compressor<'static>,
    hash: Hash,
    bytes: u64,
    place: u64,
    /// The lines of the frame that is being filled, and how many those are.
    lines: Vec<u8>,
    rows: u64,
    first: Option<TaskId>,
}

impl FrameWriter {
    pub(crate) fn new() -> io::Result<Self> {
        let mut compressor = Compressor::new(LEVEL)?;
        compressor.include_checksum(true)?;
        let (hash, lines) = (Hash::new(), Vec::new());
        Ok(Self { compressor, hash, bytes: 0, place: 0, lines, rows: 0, first: None })
    }

    /// Adds a row; returns the frame that it fills.
    pub(crate) fn push(&mut self, task: &RecordedTask) -> Result<Option<RowFrame>, DraftError> {
        let start = self.lines.len();
        write_line(&mut self.lines, task)?;
        let line = self.lines.get(start..).unwrap_or_default();
        self.hash.update(line);
        self.bytes += u64::try_from(line.len()).unwrap_or(u64::MAX);
        self.first.get_or_insert(task.statistics.id());
        self.rows += 1;
        if self.rows < RowFrame::ROWS { Ok(None) } else { self.frame() }
    }

    /// The frame of the rows that did not fill one.
    fn frame(&mut self) -> Result<Option<RowFrame>, DraftError> {
        let Some(first_task) = self.first.take() else { return Ok(None) };
        let frame = RowFrame { place: self.place, first_task, zstd: self.compressor.compress(&self.lines)? };
        self.lines.clear();
        (self.rows, self.place) = (0, self.place + 1);
        Ok(Some(frame))
    }

    /// The last frame, and what all rows are.
    pub(crate) fn finish(mut self) -> Result<(Option<RowFrame>, RowsDigest), DraftError> {
        let last = self.frame()?;
        Ok((last, RowsDigest { sha256: Sha256(self.hash.finalize().into()), bytes: self.bytes }))
    }
}
