//! Elements that begin, with those of their attributes that count.

use crate::input::fingerprint::fingerprint;
use crate::input::words::{WORD, first_marked, marked, marked_below, word_at};
use memchr::memchr;
use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

/// How many attributes are kept; coordinates, which may be large, are not.
const KEPT: usize = 8;

/// So many attributes are seen to have different names without a look at all of them again.
const FEW: usize = 16;

/// An element that begins, with those of its attributes that are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    /// The name, and behind it the values of the attributes.
    text: String,
    name_end: usize,
    /// Where the values are in the text, by the number of their attribute.
    kept: [Option<Span>; KEPT],
    /// A hash of the attributes that are not kept, in whatever order.
    pub(crate) fingerprint: u64,
}

/// A part of a text, from its start to its end; 32 bits are enough for an element.
type Span = (u32, u32);

/// The number of an attribute that is kept.
fn kept(name: &[u8]) -> Option<usize> {
    match name {
        b"id" => Some(0),
        b"name" => Some(1),
        b"label" => Some(2),
        b"task_id" => Some(3),
        b"subset" => Some(4),
        b"frame" => Some(5),
        b"outside" => Some(6),
        b"keyframe" => Some(7),
        _ => None,
    }
}

impl Element {
    /// The name.
    pub(crate) fn name(&self) -> &str {
        self.text.get(..self.name_end).unwrap_or_default()
    }

    /// The value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (start, end) = (*self.kept.get(kept(name.as_bytes())?)?)?;
        self.text.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }

    /// Reads an element; the error says which attribute is invalid.
    pub(super) fn read(start: &BytesStart<'_>) -> Result<Self, String> {
        Self::plain(start).map_or_else(|| Self::careful(start), Ok)
    }

    /// The element, if all its attributes are plain to see and have different names.
    fn plain(start: &BytesStart<'_>) -> Option<Self> {
        let (mut element, mut others) = (Self::named(start), Names { fingerprints: [0; FEW], number: 0 });
        let text = start.attributes_raw();
        let mut rest = text.as_bytes();
        while let Some((name, value, behind)) = attribute(rest)? {
            rest = behind;
            if let Some(number) = kept(name) {
                let is_new = element.kept.get(number)?.is_none();
                let is_plain = !value.iter().any(|byte| matches!(byte, b'&' | b'\t' | b'\r' | b'\n'));
                Some(()).filter(|()| is_new && is_plain)?;
                // Behind the value is its quotation mark.
                let end = text.len().checked_sub(behind.len() + 1)?;
                element.keep(number, text.get(end.checked_sub(value.len())?..end)?)?;
            } else {
                let name = fingerprint(name);
                others.insert(name)?;
                element.pass(name, value);
            }
        }
        Some(element)
    }

    /// The element as the parser sees it, attribute by attribute, with a look at each name.
    fn careful(start: &BytesStart<'_>) -> Result<Self, String> {
        let mut element = Self::named(start);
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| format!("not XML: {error}"))?;
            let name = attribute.key.into_inner();
            if let Some(number) = kept(name.as_bytes()) {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                let value = value.map_err(|error| format!("not XML: {error}"))?;
                element.keep(number, &value).ok_or("an element has too many bytes")?;
            } else {
                element.pass(fingerprint(name.as_bytes()), attribute.value.as_bytes());
            }
        }
        Ok(element)
    }

    fn named(start: &BytesStart<'_>) -> Self {
        let name = start.name().into_inner();
        // A label and a frame, or the name of an image, have room without moving all.
        let mut text = String::with_capacity(name.len() + 56);
        text.push_str(name);
        Self { text, name_end: name.len(), kept: [None; KEPT], fingerprint: 0 }
    }

    /// Keeps the value of an attribute; `None` where 32 bits are too few for all.
    fn keep(&mut self, number: usize, value: &str) -> Option<()> {
        let start = u32::try_from(self.text.len()).ok()?;
        self.text.push_str(value);
        *self.kept.get_mut(number)? = Some((start, u32::try_from(self.text.len()).ok()?));
        Some(())
    }

    /// Passes over an attribute, of which its fingerprint is kept.
    fn pass(&mut self, name: u64, value: &[u8]) {
        self.fingerprint = self.fingerprint.wrapping_add(name.rotate_left(1) ^ fingerprint(value));
    }
}

/// A name, its value, and what is behind both.
type Attribute<'text> = (&'text [u8], &'text [u8], &'text [u8]);

/// The name and the value of the first attribute of a text, and what is behind it; the inner `None` where the text has none,
/// the outer where it is not as plain as `name="value"`.
#[expect(
    clippy::option_option,
    reason = "there may be no attribute, and it may not be plain to see whether there is one"
)]
fn attribute(text: &[u8]) -> Option<Option<Attribute<'_>>> {
    let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
    let text = text.get(blanks..)?;
    if text.is_empty() {
        return Some(None);
    }
    let (name, behind) = text.split_at_checked(name_end(text))?;
    let [b'=', quote @ (b'"' | b'\''), value @ ..] = behind else { return None };
    let end = end_of_value(value, *quote).filter(|_| blanks > 0 && !name.is_empty())?;
    Some(Some((name, value.get(..end)?, value.get(end + 1..)?)))
}

/// The place of the first equals sign or blank, or of another byte that is in no name; where the text ends if there is none.
fn name_end(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(word) = word_at(text, at) {
        let found = marked(word, b'=') | marked_below(word, b' ' + 1);
        at += first_marked(found);
        if found != 0 {
            return at;
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'=' | 0..=b' ')).unwrap_or(rest.len())
}

/// The place of the quotation mark that ends a value.
fn end_of_value(value: &[u8], quote: u8) -> Option<usize> {
    // Most values are shorter than it takes to begin a search for many bytes at once.
    for near in [0, WORD] {
        let Some(word) = word_at(value, near) else {
            let rest = value.get(near..)?;
            return rest.iter().position(|byte| *byte == quote).map(|at| near + at);
        };
        let found = marked(word, quote);
        if found != 0 {
            return Some(near + first_marked(found));
        }
    }
    memchr(quote, value)
}

/// The names of attributes that are not kept, which an element has had so far.
struct Names {
    fingerprints: [u64; FEW],
    number: usize,
}

impl Names {
    /// Another name; `None` where it may be one of those before, or where there are too many.
    fn insert(&mut self, name: u64) -> Option<()> {
        if self.fingerprints.get(..self.number)?.contains(&name) {
            return None;
        }
        *self.fingerprints.get_mut(self.number)? = name;
        self.number += 1;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn however_an_element_is_read_it_is_the_same(
            attributes in proptest::collection::vec(
                ("(id|name|label|x|y|x|frame| |)", "(=|= | = |)", "['\"]?(&amp;|&x;|&|[a0\t\n<é]){0,9}['\"]?", "[ \n]?"),
                0..20,
            ),
        ) {
            let all: String = attributes.into_iter().map(|(name, equals, value, blank)| name + &equals + &value + &blank).collect();
            let start = BytesStart::from_content(format!("box {all}"), 3);
            prop_assert_eq!(Element::read(&start), Element::careful(&start));
        }
    }

    #[test]
    fn values_are_kept_as_they_are_meant_and_others_leave_a_fingerprint() {
        let read = |content: &str| Element::read(&BytesStart::from_content(content, 3));
        let element = read("box label=\"a &amp; b\tc\" x='1' frame = '7' y='2'").unwrap();
        assert_eq!((element.name(), element.get("label"), element.get("frame")), ("box", Some("a & b c"), Some("7")));
        assert_eq!((element.get("outside"), element.get("x")), (None, None));
        let fingerprint = |content| read(content).unwrap().fingerprint;
        assert_eq!(fingerprint("box y='2' id='3' x='1'"), element.fingerprint);
        assert_ne!(fingerprint("box y='1' x='2'"), element.fingerprint);
        let wrong = read("box x='1' label='2' x='3'").unwrap_err();
        assert!(wrong.starts_with("not XML: ") && wrong.contains("duplicated attribute"), "{wrong}");
    }
}
