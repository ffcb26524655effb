//! Texts and numbers as JSON, byte for byte as `serde_json` writes them.

use std::fmt::Write as _;

/// The most digits of an `i64`, and its sign.
const MOST_DIGITS: usize = 20;

/// So many bytes are looked at together.
const CHUNK: usize = 16;

/// The first eight bytes of a text that ends at its first special byte, as a number that has the order of such texts, and how
/// many bytes it has. Where there is no special byte it is all there is.
#[inline]
pub(super) fn first_text(bytes: &[u8]) -> (u64, usize) {
    let length = plain_len(bytes);
    let Some(first) = bytes.first_chunk() else { return (u64::from_be_bytes(padded(bytes, length)), length) };
    let prefix = u64::from_be_bytes(*first);
    // No text has a NUL, so a shorter one is a smaller number.
    (if length < size_of::<u64>() { prefix & !(u64::MAX >> (8 * length)) } else { prefix }, length)
}

/// So many bytes at the end of a text, with as many NUL behind them as a number needs.
#[cold]
fn padded(bytes: &[u8], length: usize) -> [u8; size_of::<u64>()] {
    let mut padded = [0; size_of::<u64>()];
    padded.iter_mut().zip(bytes.iter().take(length)).for_each(|(to, from)| *to = *from);
    padded
}

/// How many bytes come before the first one that a JSON text escapes or that ends it: a quote, a backslash, a control
/// character.
#[inline]
pub(super) fn plain_len(bytes: &[u8]) -> usize {
    let (mut rest, mut length) = (bytes, 0);
    while let Some((chunk, more)) = rest.split_first_chunk() {
        let found = special(chunk);
        if found != 0 {
            return length + place(found);
        }
        (rest, length) = (more, length + CHUNK);
    }
    let mut last = [b'"'; CHUNK];
    let (text, _) = last.split_at_mut(rest.len());
    text.copy_from_slice(rest);
    length + place(special(&last)).min(rest.len())
}

/// Which byte of a chunk the first special one is.
#[inline]
fn place(found: u128) -> usize {
    usize::try_from(found.trailing_zeros() / 8).unwrap_or_default()
}

#[inline]
fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// Some bits of each special byte; all at once, which the compiler turns into instructions for many bytes.
#[inline]
fn special(chunk: &[u8; CHUNK]) -> u128 {
    let mut found = [0; CHUNK];
    let mut index = 0;
    while let (Some(found), Some(byte)) = (found.get_mut(index), chunk.get(index)) {
        *found = if is_special(*byte) { u8::MAX } else { 0 };
        index += 1;
    }
    u128::from_le_bytes(found)
}

/// The size of a text between its quotes.
pub(super) fn escaped_len(text: &str) -> usize {
    text.bytes().map(|byte| if is_special(byte) { 2 + 4 * usize::from(short_escape(byte).is_none()) } else { 1 }).sum()
}

/// Appends a text as it is between its quotes.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((plain, special)) = rest.split_at_checked(plain_len(rest.as_bytes())) {
        out.push_str(plain);
        let mut characters = special.chars();
        let Some(character) = characters.next() else { return };
        match u8::try_from(character).ok().and_then(short_escape) {
            Some(letter) => out.extend(['\\', letter]),
            // Writing to a `String` never fails.
            None => write!(out, "\\u{:04x}", u32::from(character)).unwrap_or_default(),
        }
        rest = characters.as_str();
    }
}

/// The letter after the backslash, of a special byte that has one.
fn short_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' => '"',
        b'\\' => '\\',
        0x08 => 'b',
        0x0c => 'f',
        b'\n' => 'n',
        b'\r' => 'r',
        b'\t' => 't',
        _ => return None,
    })
}

/// The digits of a number, without an allocation.
pub(super) struct Decimal {
    bytes: [u8; MOST_DIGITS],
    start: usize,
}

impl Decimal {
    #[inline]
    pub(super) fn new(number: i64) -> Self {
        let mut bytes = [b'0'; MOST_DIGITS];
        let (mut rest, mut start) = (number.unsigned_abs(), 0);
        let (pairs, _) = bytes.as_chunks_mut();
        for (index, pair) in pairs.iter_mut().enumerate().rev() {
            let digits = u8::try_from(rest % 100).unwrap_or_default();
            *pair = [b'0' + digits / 10, b'0' + digits % 10];
            rest /= 100;
            if rest == 0 {
                start = 2 * index + usize::from(digits < 10);
                break;
            }
        }
        if number < 0 {
            start = start.saturating_sub(1);
            if let Some(sign) = bytes.get_mut(start) {
                *sign = b'-';
            }
        }
        Self { bytes, start }
    }

    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// How many digits `number` has, which is not negative.
    pub(super) fn len_of(number: i64) -> usize {
        number.checked_ilog10().and_then(|log| usize::try_from(log).ok()).map_or(1, |log| log + 1)
    }
}
