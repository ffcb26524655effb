//! `NaN`, `Infinity` and `-Infinity`, which are no JSON, but which Python writes.
//!
//! A parser of JSON refuses a file for one such word, wherever it is. Here the parser is given a string of the same
//! length in its place, made of DEL characters, which no one types, and every byte keeps its place. So the word does no
//! harm in a value that is passed over, and a reader that takes a value that counts checks with [`non_number`] whether it
//! is one.

use std::io::{self, BufRead, Read};

const WORDS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// What the parser is given for each byte of a word but the first and the last, which become quotation marks.
const MARK: char = '\u{7F}';
const MARK_BYTE: u8 = 0x7F;

/// So much is read at once, at most.
const BUFFERED: usize = 1 << 16;

/// So many bytes are looked at together; most have nothing of interest.
const BLOCK: usize = 64;

/// The word that is in the file where the parser was given `text`.
pub(crate) fn non_number(text: &str) -> Option<&'static str> {
    if !text.chars().all(|character| character == MARK) {
        return None;
    }
    // The quotation marks are no part of the text.
    WORDS.into_iter().find(|word| word.len() == text.len().saturating_add(2))
}

/// The word that a message is about: one that says so, or that quotes what the parser was given.
pub(crate) fn non_number_in(message: &str) -> Option<&'static str> {
    WORDS.into_iter().find(|word| message == is_no_number(word)).or_else(|| {
        let message = message.replace(r"\u{7f}", "\u{7F}");
        let text = message.get(message.find(MARK)?..)?;
        let end = text.find(|character| character != MARK).unwrap_or(text.len());
        non_number(text.get(..end)?)
    })
}

/// What is reported of a word where a value counts.
pub(crate) fn is_no_number(word: &str) -> String {
    format!("{word} is no number")
}

/// An input in which strings stand for the words.
#[derive(Debug)]
pub(crate) struct NonNumbers<R> {
    input: R,
    /// What was read. The bytes up to `given` were handed on, those up to `decided` may be, and those behind them may be
    /// the start of a word.
    buffer: Vec<u8>,
    given: usize,
    decided: usize,
    ended: bool,
    scan: Scan,
}

impl<R: BufRead> NonNumbers<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), given: 0, decided: 0, ended: false, scan: Scan::default() }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.decided);
        self.given = 0;
        self.decided = 0;
        let read = self.input.fill_buf()?;
        let read = read.get(..BUFFERED).unwrap_or(read);
        let length = read.len();
        self.buffer.extend_from_slice(read);
        self.input.consume(length);
        self.ended = length == 0;
        self.decided = self.scan.replace(&mut self.buffer, self.ended);
        Ok(())
    }
}

impl<R: BufRead> BufRead for NonNumbers<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.given == self.decided && !self.ended {
            self.refill()?;
        }
        Ok(self.buffer.get(self.given..self.decided).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.given = self.given.saturating_add(amount).min(self.decided);
    }
}

impl<R: BufRead> Read for NonNumbers<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(target)?;
        self.consume(length);
        Ok(length)
    }
}

/// What is known at a place of the file.
#[derive(Debug, Default)]
struct Scan {
    is_in_string: bool,
    /// Behind a backslash in a string.
    is_escaped: bool,
    /// Behind a word, with nothing but blanks since.
    is_behind_word: bool,
}

impl Scan {
    /// Puts strings in place of the words; how many of the bytes are decided, which are all at the end of the file.
    fn replace(&mut self, bytes: &mut [u8], is_end: bool) -> usize {
        let mut at = 0;
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            if rest.first_chunk().is_some_and(|block| self.pass(block)) {
                at += BLOCK;
                continue;
            }
            let end = at.saturating_add(BLOCK).min(bytes.len());
            while at < end {
                let Some(length) = bytes.get_mut(at..).and_then(|rest| self.step(rest, is_end)) else { return at };
                at += length;
            }
        }
        at
    }

    /// Passes over a block, if it is plain to see that it has no word.
    fn pass(&mut self, block: &[u8; BLOCK]) -> bool {
        // Sums without a branch are what a compiler makes fast.
        let quotes = block.iter().map(|byte| u8::from(*byte == b'"')).sum::<u8>();
        if self.is_escaped || self.is_behind_word || block.last() == Some(&b'-') {
            return false;
        }
        if has(block, |byte| byte == b'\\' || byte == b'N' || byte == b'I') {
            let is_inside = self.is_in_string && quotes == 0;
            if !is_inside || has(block, |byte| byte == b'\\') {
                return false;
            }
        }
        self.is_in_string ^= quotes % 2 == 1;
        true
    }

    /// Takes a byte, or a word; how many bytes that were, or `None` when too few are known to decide.
    fn step(&mut self, bytes: &mut [u8], is_end: bool) -> Option<usize> {
        let first = bytes.first_mut()?;
        if self.is_in_string {
            self.is_in_string = self.is_escaped || *first != b'"';
            self.is_escaped = !self.is_escaped && *first == b'\\';
            return Some(1);
        }
        match *first {
            b'"' => self.is_in_string = true,
            // A word is never the name of a member: the parser must not take the string in its place for one.
            b':' if self.is_behind_word => *first = MARK_BYTE,
            b'N' | b'I' | b'-' => return self.word(bytes, is_end),
            b' ' | b'\t' | b'\r' | b'\n' => return Some(1),
            _ => {}
        }
        self.is_behind_word = false;
        Some(1)
    }

    fn word(&mut self, bytes: &mut [u8], is_end: bool) -> Option<usize> {
        let word = WORDS.into_iter().find(|word| bytes.starts_with(word.as_bytes()));
        self.is_behind_word = word.is_some();
        let Some(word) = word else {
            let is_start = WORDS.into_iter().any(|word| word.as_bytes().starts_with(bytes));
            return (is_end || !is_start).then_some(1);
        };
        if let Some([first, inner @ .., last]) = bytes.get_mut(..word.len()) {
            inner.fill(MARK_BYTE);
            (*first, *last) = (b'"', b'"');
        }
        Some(word.len())
    }
}

/// Whether a block has a byte of a kind, by a sum as above.
fn has(block: &[u8; BLOCK], is_it: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(0, |found, byte| found | u8::from(is_it(*byte))) > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::BufReader;

    fn replaced(text: &str, chunk: usize) -> String {
        let mut input = NonNumbers::new(BufReader::with_capacity(chunk, text.as_bytes()));
        let mut replaced = String::new();
        input.read_to_string(&mut replaced).unwrap();
        replaced
    }

    /// The same by the book: byte after byte, with all of the text at hand.
    fn by_the_book(text: &str) -> String {
        let (mut bytes, mut at) = (text.as_bytes().to_vec(), 0);
        let mut scan = Scan::default();
        while at < bytes.len() {
            at += scan.step(&mut bytes[at..], true).unwrap();
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_word_becomes_a_string_of_its_length_and_is_known_again() {
        for word in WORDS {
            let text = format!(r#"{{"a":{word},"NaN":"\"{word}\\", "b": [ {word} ]}}"#);
            let read = replaced(&text, 1 << 13);
            assert_eq!(read.len(), text.len());
            let value: serde_json::Value = serde_json::from_str(&read).unwrap();
            for given in [&value["a"], &value["b"][0]] {
                assert_eq!(non_number(given.as_str().unwrap()), Some(word));
                assert_eq!(non_number_in(&is_no_number(word)), Some(word));
                assert_eq!(non_number_in(&format!("string {given:?}, `{given}`")), Some(word));
            }
            assert_eq!(value["NaN"], format!("\"{word}\\"));
        }
        for text in ["", "x", "\u{7F}\u{7F}", "NaN"] {
            assert_eq!(non_number(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_value_of_its_own_stays_wrong() {
        for text in [
            "[NaNx]",
            "[xNaN]",
            "[NaNNaN]",
            "[-NaN]",
            "[+Infinity]",
            "[--Infinity]",
            "[1-Infinity]",
            "[1NaN]",
            "[nan]",
            "[NaN1]",
            "[Na]",
            "[N",
            "[Infinit]",
            "[- Infinity]",
            "[NaN\"a\"]",
            "[\"a\"NaN]",
            "{NaN:1}",
            "{NaN :1}",
            "{\"a\":1,Infinity\n:2}",
            "{\"a\":NaN:1}",
        ] {
            let read = replaced(text, 1 << 13);
            assert!(serde_json::from_str::<serde_json::Value>(&read).is_err(), "{text}");
            assert_eq!(replaced(text, 1), read);
        }
    }

    #[test]
    fn an_input_that_fails_is_reported_and_goes_on_where_it_stood() {
        struct Once(bool);
        impl Read for Once {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) { Ok(0) } else { Err(io::Error::other("gone")) }
            }
        }
        let mut input = NonNumbers::new(BufReader::new(b"[Na".chain(Once(false)).chain(&b"N]"[..])));
        let mut read = String::new();
        assert!(input.read_to_string(&mut read).is_err());
        input.read_to_string(&mut read).unwrap();
        assert_eq!(read, "[\"\u{7F}\"]");
    }

    proptest! {
        #[test]
        fn however_the_bytes_come_the_same_is_read(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "NaN", "Infinity", "-Infinity", "-", "I", "Na", "\"", "\\", "\\\"", "é", ":", " ", ",", "[", "{", "1",
                "0123456789012345678901234567890123456789012345678901234567890123456789", "\"a\":",
            ]), 0..60),
            chunk in 1_usize..200,
        ) {
            let text = pieces.concat();
            prop_assert_eq!(replaced(&text, chunk), by_the_book(&text));
        }

        #[test]
        fn a_file_without_the_words_is_not_touched(text in "[ -HJ-MO-~]{0,300}", chunk in 1_usize..100) {
            let is_name_of_a_word = by_the_book(&text) != text;
            prop_assert!(!is_name_of_a_word);
            prop_assert_eq!(replaced(&text, chunk), text);
        }
    }
}
