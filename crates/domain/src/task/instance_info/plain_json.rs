//! Counts out of the JSON that Postgres writes, in one pass.

use super::draft::Draft;
use super::sorted::Sorted;
use crate::task::json_text::plain_len;
use crate::{Count, OperationItemKey};

/// As many digits always fit a [`Count`].
const MOST_DIGITS: usize = 18;

/// Reads an object of counts, if it is one of the usual kind: without escapes, signs, fractions or exponents, and with
/// no blanks but spaces. `None` where it is not, or where anything is wrong with it.
pub(super) fn read(json: &[u8]) -> Option<Sorted> {
    let text = std::str::from_utf8(json).ok()?;
    let mut draft = Draft::new();
    let mut rest = expect(b'{', json)?;
    if let [b'}', end @ ..] = rest {
        return if skip_blanks(end).is_empty() { draft.finish(text).ok() } else { None };
    }
    loop {
        let [b'"', at_key @ ..] = rest else { return None };
        let start = json.len() - at_key.len();
        let (key, after) = at_key.split_at_checked(plain_len(at_key))?;
        let [b'"', after @ ..] = after else { return None };
        if !(1..=OperationItemKey::MAX_BYTES).contains(&key.len()) {
            return None;
        }
        let (count, after) = read_count(expect(b':', after)?)?;
        draft.push(start, key, key.len(), count).ok()?;
        rest = match skip_blanks(after) {
            [b',', after @ ..] => skip_blanks(after),
            [b'}', end @ ..] if skip_blanks(end).is_empty() => return draft.finish(text).ok(),
            _ => return None,
        };
    }
}

/// What comes after this byte, which may have blanks around it.
fn expect(byte: u8, json: &[u8]) -> Option<&[u8]> {
    match skip_blanks(json) {
        [first, rest @ ..] if *first == byte => Some(skip_blanks(rest)),
        _ => None,
    }
}

fn skip_blanks(mut json: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] = json {
        json = rest;
    }
    json
}

/// A count, and what comes after its digits.
fn read_count(json: &[u8]) -> Option<(Count, &[u8])> {
    let (mut number, mut rest) = (0_i64, json);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        number = number.wrapping_mul(10).wrapping_add(i64::from(*digit - b'0'));
        rest = after;
    }
    let digits = json.len() - rest.len();
    let is_plain = digits == 1 || (2..=MOST_DIGITS).contains(&digits) && json.first() != Some(&b'0');
    Some((Count::try_from(number).ok().filter(|_| is_plain)?, rest))
}
