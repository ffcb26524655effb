//! Texts and numbers as JSON, byte for byte as `serde_json` writes them.

use std::fmt::Write as _;

/// The most digits of an `i64`, and its sign.
const MOST_DIGITS: usize = 20;

/// So many bytes are looked at together.
const WORD: usize = 8;

const LOW_BITS: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
const BACKSLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);
const BLANKS: u64 = u64::from_ne_bytes([b' '; 8]);

/// The first eight bytes of a text that ends at its first special byte, as a number that has the order of such texts, and how
/// many bytes it has. Where there is no special byte it is all there is.
#[inline]
pub(super) fn first_text(bytes: &[u8]) -> (u64, usize) {
    let first = bytes.first_chunk().copied().unwrap_or_else(|| padded(bytes));
    let (prefix, found) = (u64::from_be_bytes(first), special(u64::from_le_bytes(first)));
    if found == 0 {
        return (prefix, WORD + plain_len(bytes.get(WORD..).unwrap_or_default()));
    }
    let length = place(found).min(bytes.len());
    (prefix & !(u64::MAX >> (8 * length)), length)
}

/// No text has a NUL, so a shorter one is a smaller number; and a NUL ends it.
fn padded(bytes: &[u8]) -> [u8; WORD] {
    let mut padded = [0; WORD];
    padded.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    padded
}

/// How many bytes come before the first one that a JSON text escapes or that ends it: a quote, a backslash, a control
/// character.
#[inline]
pub(super) fn plain_len(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let found = special(u64::from_le_bytes(*word));
        if found != 0 {
            return index * WORD + place(found);
        }
    }
    words.len() * WORD + rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len())
}

/// Which byte of a word the first special one is.
#[inline]
fn place(found: u64) -> usize {
    usize::try_from(found.trailing_zeros() / 8).unwrap_or_default()
}

#[inline]
fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// The high bit of each special byte. A borrow may set more of them, but only above the first, which is the one that
/// counts.
#[inline]
fn special(word: u64) -> u64 {
    let zeros = |word: u64| word.wrapping_sub(LOW_BITS) & !word;
    let controls = word.wrapping_sub(BLANKS) & !word;
    (zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | controls) & HIGH_BITS
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
        let (mut rest, mut start) = (number.unsigned_abs(), MOST_DIGITS);
        let (pairs, _) = bytes.as_chunks_mut();
        for pair in pairs.iter_mut().rev() {
            let digits = u8::try_from(rest % 100).unwrap_or_default();
            *pair = [b'0' + digits / 10, b'0' + digits % 10];
            rest /= 100;
            start -= if rest > 0 || digits > 9 { 2 } else { 1 };
            if rest == 0 {
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
