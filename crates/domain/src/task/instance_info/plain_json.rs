//! Counts out of the JSON that Postgres writes, in one pass.

use super::error::MAX_KEYS;
use super::sorted::Sorted;
use crate::task::json_text::first_text;
use crate::{Count, OperationItemKey};

/// As many digits always fit a [`Count`].
const MOST_DIGITS: usize = 18;

/// Most tasks have as many members at most, for which nothing is allocated.
const USUAL_MEMBERS: usize = 16;

/// What most tasks take as JSON, for which nothing is allocated before its size is known.
const USUAL_BYTES: usize = 512;

/// The size of the shortest member with what is around it.
const LEAST_MEMBER: usize = r#","a":1"#.len();

/// So many bytes are copied at once, which costs less than to copy exactly as many as there are.
const CHUNK: usize = 16;

/// Where a member of the object is in the text. Its name and its digits are what is written again, too.
#[derive(Clone, Copy, Default)]
struct Member {
    /// The first bytes of the key, in which most keys differ: as a number they have the order of the keys.
    prefix: u64,
    /// Where the key in its quotes begins, and the size of both with the colon.
    start: usize,
    name: u16,
    /// How far it is from there to the digits, and how many there are.
    to_digits: u16,
    digits: u16,
}

/// Reads an object of counts, if it is one of the usual kind: without escapes, signs, fractions or exponents, and with
/// no blanks but spaces, none of them in front of a colon. `None` where it is not, or where anything is wrong with it.
pub(super) fn read(json: &[u8]) -> Option<Sorted> {
    let [b'{', rest @ ..] = skip_blanks(json) else { return None };
    let rest = skip_blanks(rest);
    if let [b'}', end @ ..] = rest {
        return if skip_blanks(end).is_empty() { Some(Sorted::none()) } else { None };
    }
    let mut usual = [Member::default(); USUAL_MEMBERS];
    match read_members(rest, &mut usual) {
        Err(Unread::NoPlace) => {
            let mut many = vec![Member::default(); (json.len() / LEAST_MEMBER + 1).min(MAX_KEYS)];
            read_members(rest, &mut many).ok()
        }
        read => read.ok(),
    }
}

/// Why members were not read.
enum Unread {
    /// There are more of them than places.
    NoPlace,
    /// They are not of the usual kind, or something is wrong with them.
    Unusual,
}

/// Reads the members behind the bracket, each into its place.
fn read_members(json: &[u8], places: &mut [Member]) -> Result<Sorted, Unread> {
    let (mut total, mut rest, mut keys) = (Count::ZERO, json, 0);
    loop {
        let (member, count, after) = read_member(rest).ok_or(Unread::Unusual)?;
        let place = places.get_mut(keys).ok_or(Unread::NoPlace)?;
        *place = Member { start: json.len() - rest.len(), ..member };
        keys += 1;
        total = total.checked_add(count).ok_or(Unread::Unusual)?;
        rest = match after {
            [b',', after @ ..] => skip_blanks(after),
            [b'}', end @ ..] if skip_blanks(end).is_empty() => break,
            _ => return Err(Unread::Unusual),
        };
    }
    places.get_mut(..keys).and_then(|members| sorted(json, members, total)).ok_or(Unread::Unusual)
}

/// A member that starts here, its count, and the comma or bracket after it.
#[inline]
fn read_member(json: &[u8]) -> Option<(Member, Count, &[u8])> {
    let [b'"', at_key @ ..] = json else { return None };
    let (prefix, length) = first_text(at_key);
    let [b'"', b':', after @ ..] = at_key.get(length..)? else { return None };
    if !(1..=OperationItemKey::MAX_BYTES).contains(&length) {
        return None;
    }
    let at_digits = skip_blanks(after);
    let (count, digits, after) = read_count(at_digits)?;
    let name = u16::try_from(length + 3).ok()?;
    let to_digits = u16::try_from(json.len() - at_digits.len()).ok()?;
    Some((Member { prefix, start: 0, name, to_digits, digits }, count, skip_blanks(after)))
}

#[inline]
fn skip_blanks(mut json: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] = json {
        json = rest;
    }
    json
}

/// A count, how many digits it has, and what comes after them.
#[inline]
fn read_count(json: &[u8]) -> Option<(Count, u16, &[u8])> {
    let (mut number, mut rest) = (0_i64, json);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        number = number.wrapping_mul(10).wrapping_add(i64::from(*digit - b'0'));
        rest = after;
    }
    let digits = json.len() - rest.len();
    let is_plain = digits == 1 || (2..=MOST_DIGITS).contains(&digits) && json.first() != Some(&b'0');
    Some((Count::try_from(number).ok().filter(|_| is_plain)?, u16::try_from(digits).ok()?, rest))
}

/// Sorts the members and writes them again; `None` where a key is given twice or is no text.
fn sorted(from: &[u8], members: &mut [Member], total: Count) -> Option<Sorted> {
    members.sort_unstable_by(|one, other| {
        if one.prefix == other.prefix { one.key(from).cmp(other.key(from)) } else { one.prefix.cmp(&other.prefix) }
    });
    let size = 1 + members.iter().map(|member| 1 + usize::from(member.name + member.digits)).sum::<usize>();
    let (mut usual, mut large) = ([0; USUAL_BYTES], Vec::new());
    // The last chunk that is copied may end behind the text.
    let json = if size + CHUNK > USUAL_BYTES {
        large.resize(size + CHUNK, 0);
        large.as_mut_slice()
    } else {
        usual.as_mut_slice()
    };
    let (mut separator, mut end, mut last) = (b'{', 0, None);
    for member in &*members {
        if last.is_some_and(|last: &Member| last.prefix == member.prefix && last.key(from) == member.key(from)) {
            return None;
        }
        *json.get_mut(end)? = separator;
        end = copy(from.get(member.start..)?, member.name, json, end + 1)?;
        end = copy(from.get(member.start + usize::from(member.to_digits)..)?, member.digits, json, end)?;
        (separator, last) = (b',', Some(member));
    }
    *json.get_mut(end)? = b'}';
    // Keys are copied as a whole, so this is the check of all that was read.
    let text = std::str::from_utf8(json.get(..=end)?).ok()?;
    Some(Sorted { text: text.into(), json_bytes: text.len(), keys: members.len(), total })
}

impl Member {
    fn key<'a>(&self, json: &'a [u8]) -> &'a [u8] {
        let past = usize::from(self.name).saturating_sub(2);
        json.get(self.start..).and_then(|json| json.get(1..past)).unwrap_or_default()
    }
}

/// Copies so many bytes and, where there are, those that come after them, to a whole number of chunks; returns where the
/// copy ends.
#[inline]
fn copy(mut from: &[u8], length: u16, to: &mut [u8], start: usize) -> Option<usize> {
    let (mut to, mut left) = (to.get_mut(start..)?, usize::from(length));
    let end = start + left;
    while let (Some((chunk, more)), true) = (from.split_first_chunk::<CHUNK>(), to.len() >= CHUNK) {
        let (place, free) = to.split_first_chunk_mut()?;
        *place = *chunk;
        if left <= CHUNK {
            return Some(end);
        }
        (from, to, left) = (more, free, left - CHUNK);
    }
    to.get_mut(..left)?.copy_from_slice(from.get(..left)?);
    Some(end)
}
