//! Counts in one text.

use crate::Count;
use crate::task::json_text::{Decimal, plain_len, push_escaped};

/// Counts in byte order of their keys, none of them given twice.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Sorted {
    /// As JSON, and then each key that JSON escapes as it is, with a NUL behind it: no key has one.
    pub(super) text: Box<str>,
    pub(super) json_bytes: usize,
    pub(super) keys: usize,
    pub(super) total: Count,
}

impl Sorted {
    pub(super) fn none() -> Self {
        Self { text: "{}".into(), json_bytes: 2, keys: 0, total: Count::ZERO }
    }

    /// Of members in byte order of their keys, none of them given twice, with this total.
    pub(super) fn of<'a>(members: impl Iterator<Item = (&'a str, Count)>, total: Count) -> Self {
        let (mut text, mut escaped, mut keys) = (String::from("{"), String::new(), 0);
        for (key, count) in members {
            text.push_str(if keys == 0 { "\"" } else { ",\"" });
            if plain_len(key.as_bytes()) == key.len() {
                text.push_str(key);
            } else {
                push_escaped(&mut text, key);
                escaped.extend([key, "\0"]);
            }
            text.push_str("\":");
            text.push_str(Decimal::new(count.get()).as_str());
            keys += 1;
        }
        text.push('}');
        let json_bytes = text.len();
        text.push_str(&escaped);
        Self { text: text.into_boxed_str(), json_bytes, keys, total }
    }

    pub(super) fn json(&self) -> &str {
        self.text.get(..self.json_bytes).unwrap_or_default()
    }

    pub(super) fn iter(&self) -> Members<'_> {
        let (json, escaped) = self.text.split_at_checked(self.json_bytes).unwrap_or_default();
        Members { json, escaped, left: self.keys }
    }
}

/// The members of the JSON object, one after the other.
pub(super) struct Members<'a> {
    /// From the bracket or comma in front of a member on.
    json: &'a str,
    escaped: &'a str,
    left: usize,
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Count);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let member = self.json.get(2..)?;
        let (mut key, mut rest) = member.split_at_checked(plain_len(member.as_bytes()))?;
        if !rest.starts_with('"') {
            (key, self.escaped) = self.escaped.split_once('\0')?;
            rest = rest.get(escaped_rest(rest.as_bytes())..)?;
        }
        let digits = rest.get(2..)?;
        let number = digits.bytes().take_while(u8::is_ascii_digit);
        let (number, length) =
            number.fold((0_i64, 0), |(sum, length), digit| (sum * 10 + i64::from(digit - b'0'), length + 1));
        self.json = digits.get(length..)?;
        Some((key, Count::try_from(number).ok()?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Members<'_> {}

/// How far it is to the quote at the end of a text, from an escape in it on.
fn escaped_rest(text: &[u8]) -> usize {
    let mut is_escaped = false;
    let ends = |byte: &u8| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    };
    text.iter().position(ends).unwrap_or(text.len())
}
