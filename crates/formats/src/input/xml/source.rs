//! The bytes of an XML file, with their lines.

use crate::input::metered::{Bytes, MAX_ELEMENT_BYTES, too_large};
use memchr::memchr_iter;
use std::io::{self, BufRead, Read};

/// So much is read at once.
const BUFFERED: usize = 1 << 16;

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(super) byte: u64,
    /// The line, from 1.
    pub(super) line: u64,
}

/// An input that knows where the part of it began that is being read, and that allows no part more bytes than an element
/// may have.
///
/// Lines are counted where one is needed, and of what is dropped.
pub(super) struct XmlSource<'input> {
    input: Bytes<'input>,
    /// What was read, up to `end`; what is before `place` is passed.
    window: Vec<u8>,
    place: usize,
    end: usize,
    /// The byte of the file at which the window begins.
    start: u64,
    /// The line feeds of the file before `counted`, which is a place in the window.
    line_feeds: u64,
    counted: usize,
    part: Start,
    /// How many bytes of the part were before the window.
    dropped: u64,
}

/// Where a part began.
enum Start {
    InWindow(usize),
    Dropped(Mark),
}

impl<'input> XmlSource<'input> {
    pub(super) fn new(input: Bytes<'input>) -> Self {
        Self {
            input,
            window: vec![0; BUFFERED],
            place: 0,
            end: 0,
            start: 0,
            line_feeds: 0,
            counted: 0,
            part: Start::InWindow(0),
            dropped: 0,
        }
    }

    /// The next part begins here.
    pub(super) fn begin_part(&mut self) {
        self.part = Start::InWindow(self.place);
        self.dropped = 0;
    }

    /// Where the part began that is being read.
    pub(super) fn start_of_part(&self) -> Mark {
        match self.part {
            Start::InWindow(place) => self.mark_at(place),
            Start::Dropped(mark) => mark,
        }
    }

    /// The current place.
    pub(super) fn mark(&self) -> Mark {
        self.mark_at(self.place)
    }

    /// Counts the lines up to the current place, so that they are not counted again for the next one.
    pub(super) fn count_lines(&mut self) {
        self.line_feeds = self.line_feeds_before(self.place);
        self.counted = self.place;
    }

    fn mark_at(&self, place: usize) -> Mark {
        Mark { byte: self.start.saturating_add(u64_of(place)), line: self.line_feeds_before(place).saturating_add(1) }
    }

    fn line_feeds_before(&self, place: usize) -> u64 {
        let between = self.window.get(self.counted.min(place)..self.counted.max(place)).map_or(0, line_feeds);
        if place < self.counted {
            self.line_feeds.saturating_sub(between)
        } else {
            self.line_feeds.saturating_add(between)
        }
    }

    /// Reads on where all is passed, so much as the part may still have.
    fn refill(&mut self) -> io::Result<()> {
        let passed = match self.part {
            Start::InWindow(place) => self.place.saturating_sub(place),
            Start::Dropped(_) => self.place,
        };
        let dropped = self.dropped.saturating_add(u64_of(passed));
        let left = usize::try_from(MAX_ELEMENT_BYTES.saturating_sub(dropped)).unwrap_or(usize::MAX);
        if left == 0 {
            return Err(too_large());
        }
        self.part = Start::Dropped(self.start_of_part());
        self.dropped = dropped;
        self.count_lines();
        self.start = self.start.saturating_add(u64_of(self.place));
        (self.place, self.end, self.counted) = (0, 0, 0);
        let room = self.window.get_mut(..left.min(BUFFERED)).unwrap_or_default();
        self.end = self.input.read(room)?;
        Ok(())
    }
}

impl Read for XmlSource<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(target)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for XmlSource<'_> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.place == self.end {
            self.refill()?;
        }
        Ok(self.window.get(self.place..self.end).unwrap_or_default())
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        self.place = self.place.saturating_add(amount).min(self.end);
    }
}

/// The number of line feeds.
pub(super) fn line_feeds(bytes: &[u8]) -> u64 {
    u64_of(memchr_iter(b'\n', bytes).count())
}

fn u64_of(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[test]
    fn a_line_is_counted_once_it_is_passed_however_the_bytes_come() {
        for buffer in 1..9 {
            let mut input = XmlSource::new(Box::new(BufReader::with_capacity(buffer, &b"a\r\nb\n\nc"[..])));
            let mut lines = Vec::new();
            for byte in 0..7 {
                assert_eq!((input.mark().byte, input.start_of_part().byte), (byte, byte / 3 * 3));
                lines.push(input.mark().line);
                assert!(!input.fill_buf().unwrap().is_empty());
                input.consume(1);
                if byte == 3 {
                    input.count_lines();
                }
                if (byte + 1).is_multiple_of(3) {
                    input.begin_part();
                }
            }
            assert_eq!(lines, [1, 1, 1, 2, 2, 3, 4]);
            assert_eq!((input.start_of_part(), input.mark()), (Mark { byte: 6, line: 4 }, Mark { byte: 7, line: 4 }));
            assert_eq!(input.fill_buf().unwrap(), b"");
            assert_eq!(input.start_of_part(), Mark { byte: 6, line: 4 });
        }
    }
}
