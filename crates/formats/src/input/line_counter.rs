//! An input that knows its line.

use std::io::{self, BufRead, Read};

/// An input that counts the lines that were taken from it.
#[derive(Debug)]
pub(super) struct LineCounter<R> {
    input: R,
    line_feeds: u64,
}

impl<R> LineCounter<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, line_feeds: 0 }
    }

    /// The line of the next byte, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line_feeds.saturating_add(1)
    }
}

impl<R: Read> Read for LineCounter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.line_feeds = self.line_feeds.saturating_add(line_feeds(buffer, read));
        Ok(read)
    }
}

impl<R: BufRead> BufRead for LineCounter<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed lies in the buffer already, so that nothing is read here and nothing can fail.
        let passed = self.input.fill_buf().map_or(0, |buffer| line_feeds(buffer, amount));
        self.line_feeds = self.line_feeds.saturating_add(passed);
        self.input.consume(amount);
    }
}

/// The number of line feeds in the first bytes of a buffer.
pub(super) fn line_feeds(buffer: &[u8], bytes: usize) -> u64 {
    let passed = buffer.get(..bytes).unwrap_or(buffer);
    passed.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_counted_once_it_is_passed() {
        let mut input = LineCounter::new(&b"a\r\nb\n\nc"[..]);
        let mut lines = Vec::new();
        for bytes in [0, 2, 1, 2, 1, 1] {
            input.consume(bytes);
            lines.push(input.line());
        }
        assert_eq!(lines, [1, 1, 2, 3, 4, 4]);
        let mut input = LineCounter::new(&b"a\nb\nc"[..]);
        input.read_exact(&mut [0; 3]).unwrap();
        assert_eq!(input.line(), 2);
    }
}
