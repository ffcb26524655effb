//! Counts out of the JSON that Postgres writes, in one pass.

use super::error::MAX_KEYS;
use super::sorted::Sorted;
use crate::task::json_text::first_text;
use crate::{Count, OperationItemKey};

/// As many digits always fit a [`Count`].
const MOST_DIGITS: usize = 18;

/// Most tasks have as many members at most.
const USUAL_MEMBERS: usize = 16;

/// A member of the object, as it is in the text. Both parts are what is written again, too.
struct Member<'a> {
    /// The first bytes of the key, in which most keys differ: as a number they have the order of the keys.
    prefix: u64,
    /// The key in its quotes, and the colon.
    name: &'a [u8],
    digits: &'a [u8],
}

/// Reads an object of counts, if it is one of the usual kind: without escapes, signs, fractions or exponents, and with
/// no blanks but spaces, none of them in front of a colon. `None` where it is not, or where anything is wrong with it.
pub(super) fn read(json: &[u8]) -> Option<Sorted> {
    let mut members = Vec::with_capacity(USUAL_MEMBERS);
    let mut total = Count::ZERO;
    let [b'{', rest @ ..] = skip_blanks(json) else { return None };
    let mut rest = skip_blanks(rest);
    if let [b'}', end @ ..] = rest {
        return if skip_blanks(end).is_empty() { Some(Sorted::none()) } else { None };
    }
    loop {
        let (prefix, name, after) = read_name(rest)?;
        let (count, digits, after) = read_count(skip_blanks(after))?;
        if members.len() == MAX_KEYS {
            return None;
        }
        members.push(Member { prefix, name, digits });
        total = total.checked_add(count)?;
        rest = match after {
            [b',', after @ ..] => skip_blanks(after),
            [b'}', end @ ..] if skip_blanks(end).is_empty() => return sorted(members, total),
            [b' ', ..] => match skip_blanks(after) {
                [b',', after @ ..] => skip_blanks(after),
                [b'}', end @ ..] if skip_blanks(end).is_empty() => return sorted(members, total),
                _ => return None,
            },
            _ => return None,
        };
    }
}

/// A key in its quotes with its colon, its first bytes, and what comes after.
#[inline]
fn read_name(json: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let [b'"', at_key @ ..] = json else { return None };
    let (prefix, length) = first_text(at_key);
    let (name, after) = json.split_at_checked(length + 3)?;
    let [.., b'"', b':'] = name else { return None };
    if (1..=OperationItemKey::MAX_BYTES).contains(&length) { Some((prefix, name, after)) } else { None }
}

#[inline]
fn skip_blanks(mut json: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] = json {
        json = rest;
    }
    json
}

/// A count, its digits, and what comes after them.
#[inline]
fn read_count(json: &[u8]) -> Option<(Count, &[u8], &[u8])> {
    let (mut number, mut rest) = (0_i64, json);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        number = number.wrapping_mul(10).wrapping_add(i64::from(*digit - b'0'));
        rest = after;
    }
    let (digits, rest) = json.split_at_checked(json.len() - rest.len())?;
    let is_plain = digits.len() == 1 || (2..=MOST_DIGITS).contains(&digits.len()) && digits.first() != Some(&b'0');
    Some((Count::try_from(number).ok().filter(|_| is_plain)?, digits, rest))
}

/// Sorts the members and writes them again; `None` where a key is given twice or is no text.
fn sorted(mut members: Vec<Member<'_>>, total: Count) -> Option<Sorted> {
    members.sort_unstable_by(|one, other| one.prefix.cmp(&other.prefix).then_with(|| one.key().cmp(other.key())));
    let size: usize = members.iter().map(|member| member.name.len() + member.digits.len() + 1).sum();
    let mut json = Vec::with_capacity(size + 1);
    let (mut separator, mut last) = (b'{', None);
    for member in &members {
        if last.is_some_and(|last: &Member<'_>| last.prefix == member.prefix && last.key() == member.key()) {
            return None;
        }
        json.push(separator);
        json.extend_from_slice(member.name);
        json.extend_from_slice(member.digits);
        (separator, last) = (b',', Some(member));
    }
    json.push(b'}');
    let (json_bytes, keys) = (json.len(), members.len());
    // Keys are copied as a whole, so this is the check of all that was read.
    let text = String::from_utf8(json).ok()?.into_boxed_str();
    Some(Sorted { text, json_bytes, keys, total })
}

impl Member<'_> {
    fn key(&self) -> &[u8] {
        match self.name {
            [b'"', key @ .., b'"', b':'] => key,
            _ => self.name,
        }
    }
}
