//! The line breaks of JSON.

use memchr::{memchr, memchr_iter, memmem};

/// Counts line breaks: line feeds, carriage returns, and the two together, which are one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LineBreaks {
    number: u64,
    /// Whether the last byte was a carriage return.
    is_behind_return: bool,
}

impl LineBreaks {
    /// Counts those of the bytes that come next.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return };
        let returns = count(b'\r', bytes);
        let pairs = if returns == 0 { 0 } else { memmem::find_iter(bytes, b"\r\n").count() };
        let is_half = self.is_behind_return && *first == b'\n';
        let breaks = count(b'\n', bytes) + returns - pairs - usize::from(is_half);
        self.number = self.number.saturating_add(u64::try_from(breaks).unwrap_or(u64::MAX));
        self.is_behind_return = *last == b'\r';
    }

    /// How many there were.
    pub(super) fn number(self) -> u64 {
        self.number
    }
}

/// How often a byte is there. To see that it is not takes less than to count.
fn count(byte: u8, bytes: &[u8]) -> usize {
    if memchr(byte, bytes).is_none() { 0 } else { memchr_iter(byte, bytes).count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_and_a_feed_are_one_break_wherever_they_are_cut() {
        let text = b"a\r\nb\n\nc\r\r\n\rd\r";
        for cut in 0..text.len() {
            let mut breaks = LineBreaks::default();
            breaks.pass(&text[..cut]);
            breaks.pass(&text[cut..]);
            assert_eq!(breaks.number(), 7, "cut at {cut}");
        }
    }
}
