//! The tokens of JSON in memory, as far as they are plain to see.

use crate::input::words::{WORD, digits_at, first_marked, marked, marked_below, marked_other_than_digits, word_at};
use std::borrow::Cow;

/// Why a text is left to the [careful way](super::careful::Careful), whose word holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclear {
    /// The text ends before the value does: more of it may make it clear.
    Ended,
    /// It is no JSON, not what was expected, or something that parsers read in different ways.
    Odd,
}

type Read<T> = Result<T, Unclear>;

/// A number of fewer digits has at most 64 bits.
const MANY_DIGITS: usize = 19;

/// A place in a text, which moves from token to token.
///
/// What parsers read in different ways is odd: `-0`, whole numbers that may have more than 64 bits, surrogates, which may be
/// without their other half, and what is nested too deep.
#[derive(Debug)]
pub(super) struct Tokens<'text> {
    text: &'text str,
    at: usize,
    /// How many more arrays and objects may be within each other.
    depth: usize,
}

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberText<'text> {
    pub(super) text: &'text str,
    /// Whether it has no point and no exponent.
    pub(super) is_whole: bool,
}

impl<'text> Tokens<'text> {
    pub(super) fn new(text: &'text str, depth: usize) -> Self {
        Self { text, at: 0, depth }
    }

    /// The current place.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// The text from a place to the current one.
    pub(super) fn since(&self, start: usize) -> &'text str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn rest(&self) -> &'text [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn word(&self) -> Option<u64> {
        word_at(self.text.as_bytes(), self.at)
    }

    /// What the current place is when it is not as expected.
    fn unclear(&self) -> Unclear {
        if self.at < self.text.len() { Unclear::Odd } else { Unclear::Ended }
    }

    /// The first byte of the next token, to which it moves.
    #[inline]
    pub(super) fn peek(&mut self) -> Read<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(byte) => return Ok(byte),
                None => return Err(Unclear::Ended),
            }
        }
    }

    /// Passes a token of one byte.
    #[inline]
    pub(super) fn expect(&mut self, token: u8) -> Read<()> {
        if self.peek()? != token {
            return Err(Unclear::Odd);
        }
        self.at += 1;
        Ok(())
    }

    /// Goes into an array or an object.
    pub(super) fn open(&mut self, bracket: u8) -> Read<()> {
        self.expect(bracket)?;
        self.depth = self.depth.checked_sub(1).ok_or(Unclear::Odd)?;
        Ok(())
    }

    /// Leaves an array or an object.
    pub(super) fn close(&mut self, bracket: u8) -> Read<()> {
        self.expect(bracket)?;
        self.depth += 1;
        Ok(())
    }

    /// Whether the array or object that ends with `bracket` has a further item, to which it moves.
    #[inline]
    pub(super) fn has_next(&mut self, bracket: u8, is_first: bool) -> Read<bool> {
        let byte = self.peek()?;
        if byte == bracket || is_first {
            return Ok(byte != bracket);
        }
        self.expect(b',')?;
        if self.peek()? == bracket { Err(Unclear::Odd) } else { Ok(true) }
    }

    /// Passes `null`, `true` or `false`.
    pub(super) fn pass_word(&mut self, word: &str) -> Read<()> {
        if self.rest().starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        let is_cut = word.as_bytes().starts_with(self.rest());
        Err(if is_cut { Unclear::Ended } else { Unclear::Odd })
    }

    /// The next token, a string.
    pub(super) fn string(&mut self) -> Read<Cow<'text, str>> {
        self.expect(b'"')?;
        let start = self.at;
        self.pass_characters();
        if self.byte() == Some(b'"') {
            let text = self.since(start);
            self.at += 1;
            return Ok(Cow::Borrowed(text));
        }
        self.pass_rest_of_string()?;
        serde_json::from_str(self.since(start - 1)).map(Cow::Owned).map_err(|_| Unclear::Odd)
    }

    /// Passes the next token, a string.
    pub(super) fn pass_string(&mut self) -> Read<()> {
        self.expect(b'"')?;
        self.pass_rest_of_string()
    }

    fn pass_rest_of_string(&mut self) -> Read<()> {
        loop {
            self.pass_characters();
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.pass_escape()?,
                _ => return Err(self.unclear()),
            }
        }
    }

    /// Moves to the next quotation mark, backslash or control character.
    #[inline]
    fn pass_characters(&mut self) {
        while let Some(word) = self.word() {
            let found = marked(word, b'"') | marked(word, b'\\') | marked_below(word, b' ');
            self.at += first_marked(found);
            if found != 0 {
                return;
            }
        }
        let is_end = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
        self.at += self.rest().iter().position(is_end).unwrap_or(self.rest().len());
    }

    fn pass_escape(&mut self) -> Read<()> {
        let length = match self.rest() {
            [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [_, b'u', b'd' | b'D', ..] => return Err(Unclear::Odd),
            [_, b'u', digits @ ..] if digits.iter().take(4).all(u8::is_ascii_hexdigit) => 6,
            [_] => return Err(Unclear::Ended),
            _ => return Err(Unclear::Odd),
        };
        self.at += length;
        if self.at > self.text.len() { Err(Unclear::Ended) } else { Ok(()) }
    }

    /// The next token, a number.
    pub(super) fn number(&mut self) -> Read<NumberText<'text>> {
        let is_negative = self.peek()? == b'-';
        let start = self.at;
        if self.pass_short_whole() {
            return Ok(NumberText { text: self.since(start), is_whole: true });
        }
        self.at += usize::from(is_negative);
        let is_zero = self.byte() == Some(b'0');
        let digits = self.digits()?;
        let is_whole = !matches!(self.byte(), Some(b'.' | b'e' | b'E'));
        if !is_whole {
            self.fraction()?;
        }
        let is_odd = is_zero && digits > 1 || is_whole && (digits >= MANY_DIGITS || is_zero && is_negative);
        if is_odd { Err(self.unclear()) } else { Ok(NumberText { text: self.since(start), is_whole }) }
    }

    /// Passes a whole number of a few digits with its end behind it, which most numbers are that count.
    #[inline]
    fn pass_short_whole(&mut self) -> bool {
        let text = self.text.as_bytes();
        let digits = self.word().map_or(0, |word| first_marked(marked_other_than_digits(word)));
        let is_short = digits == 1 || digits > 1 && text.get(self.at) != Some(&b'0');
        let is_passed = is_short && matches!(text.get(self.at + digits), Some(b',' | b'}' | b']'));
        self.at += if is_passed { digits } else { 0 };
        is_passed
    }

    /// Passes the fraction and the exponent of a number.
    fn fraction(&mut self) -> Read<()> {
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }

    /// Passes one digit or more; how many.
    #[inline]
    fn digits(&mut self) -> Read<usize> {
        let digits = digits_at(self.text.as_bytes(), self.at);
        self.at += digits;
        if digits > 0 { Ok(digits) } else { Err(self.unclear()) }
    }

    /// Passes numbers such as coordinates, without blanks, each with the comma behind it, as far as it is fast: the points of
    /// shapes are most of many files. Whether the last number of the array is among them, so that its bracket comes next.
    pub(super) fn pass_decimals(&mut self) -> bool {
        let text = self.text.as_bytes();
        while let Some(word) = word_at(text, self.at) {
            let byte_at = |place: usize| text.get(self.at + place).copied();
            let others = marked_other_than_digits(word);
            let whole = first_marked(others);
            let mut end = whole;
            if byte_at(whole) == Some(b'.') {
                let behind = others & others.wrapping_sub(1);
                end = if behind == 0 { WORD + digits_at(text, self.at + WORD) } else { first_marked(behind) };
            }
            let is_decimal = whole == 1 || whole > 0 && byte_at(0) != Some(b'0');
            if !is_decimal || end == whole + 1 {
                return false;
            }
            match byte_at(end) {
                Some(b',') => self.at += end + 1,
                Some(b']') => {
                    self.at += end;
                    return true;
                }
                _ => return false,
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_what_it_means(text in "[a-zé\"\\\\\n\u{1F600}]{0,30}", behind in "[ ,0-9]{0,9}") {
            let json = serde_json::to_string(&text).unwrap();
            let file = format!("{json}{behind}");
            prop_assert_eq!(Tokens::new(&file, 1).string(), Ok(Cow::Owned(text)));
        }
    }
}
