//! A part of a workbook while it is unpacked, within bounds.

use std::io::{self, Read};

/// The most bytes of a cell, or of a text that cells share, with its markup: its reader holds the texts in it as one.
const MAX_CELL_BYTES: u64 = 8 * 1024 * 1024;

/// The longest of the names that begin or end a cell, a row or a shared text.
const LONGEST_NAME: usize = 3;

/// A part while it is read.
pub(super) struct Part<R> {
    packed: R,
    /// How many bytes it may still have.
    pub(super) left: u64,
    /// Bytes since the last tag.
    text: u64,
    max_text: u64,
    tags: u64,
    max_tags: u64,
    /// Bytes since a cell, a row or a shared text began or ended; counted where texts are bounded.
    cell: u64,
    /// The name of a tag that is being read, without its prefix, and its length; none outside of names.
    name: Option<([u8; LONGEST_NAME], usize)>,
}

impl<R> Part<R> {
    pub(super) fn new(packed: R, left: u64, max_text: u64, max_tags: u64) -> Self {
        Self { packed, left, text: 0, max_text, tags: 0, max_tags, cell: 0, name: None }
    }

    fn look_at(&mut self, byte: u8) {
        self.text += 1;
        self.cell += 1;
        if byte == b'<' {
            self.text = 0;
            self.tags += 1;
            self.name = Some(([0; LONGEST_NAME], 0));
        } else if let Some((name, length)) = &mut self.name {
            match byte {
                // Behind the sign is an end, before it a prefix.
                b'/' if *length == 0 => {}
                b':' => *length = 0,
                b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/' => {
                    if matches!(name.get(..*length), Some(b"c" | b"row" | b"si")) {
                        self.cell = 0;
                    }
                    self.name = None;
                }
                letter => {
                    if let Some(place) = name.get_mut(*length) {
                        *place = letter;
                    }
                    *length += 1;
                }
            }
        }
    }

    fn check(&self) -> io::Result<()> {
        if self.text > self.max_text || (self.max_text < u64::MAX && self.cell > MAX_CELL_BYTES) {
            return Err(io::Error::other("it has a text that is longer than a cell"));
        }
        if self.tags > self.max_tags {
            return Err(io::Error::other("it has too many styles or sheets"));
        }
        Ok(())
    }
}

impl<R: Read> Read for Part<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.packed.read(to)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(bytes).ok_or_else(|| io::Error::other("it is too large: split it"))?;
        for byte in to.get(..read).unwrap_or_default() {
            self.look_at(*byte);
        }
        self.check().map(|()| read)
    }
}
