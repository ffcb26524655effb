//! The lists of entity tags that `If-Match` and `If-None-Match` have (RFC 9110).

use actix_web::http::header::{HeaderMap, HeaderName};

/// The value of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntityTagList {
    /// `*`
    Any,
    /// Tags, at least one.
    Tags(Vec<ListedTag>),
}

/// One tag of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListedTag {
    pub(crate) is_weak: bool,
    /// The text between the quotes.
    pub(crate) opaque: Box<[u8]>,
}

/// A header that is not a list of entity tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidEntityTagList;

impl EntityTagList {
    /// The list of all headers of this name together; `None` without one.
    pub(crate) fn of(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Self>, InvalidEntityTagList> {
        let values: Vec<&[u8]> = headers.get_all(name).map(|value| value.as_bytes().trim_ascii()).collect();
        match values.as_slice() {
            [] => Ok(None),
            [b"*"] => Ok(Some(Self::Any)),
            values => values.iter().try_fold(Vec::new(), |tags, value| read(value, tags)).and_then(checked),
        }
    }
}

fn checked(tags: Vec<ListedTag>) -> Result<Option<EntityTagList>, InvalidEntityTagList> {
    if tags.is_empty() { Err(InvalidEntityTagList) } else { Ok(Some(EntityTagList::Tags(tags))) }
}

/// Appends the tags of one header; a list may have empty elements.
fn read(value: &[u8], mut tags: Vec<ListedTag>) -> Result<Vec<ListedTag>, InvalidEntityTagList> {
    let mut rest = value;
    loop {
        rest = rest.trim_ascii_start();
        let (first, more) = match rest.split_first() {
            None => return Ok(tags),
            Some((b',', more)) => {
                rest = more;
                continue;
            }
            Some((b'W', more)) => (true, more.strip_prefix(b"/\"").ok_or(InvalidEntityTagList)?),
            Some((b'"', more)) => (false, more),
            Some(_) => return Err(InvalidEntityTagList),
        };
        let end = more.iter().position(|byte| *byte == b'"').ok_or(InvalidEntityTagList)?;
        let (opaque, after) = more.split_at_checked(end).ok_or(InvalidEntityTagList)?;
        // Blanks and control characters are not allowed, all bytes above ASCII are.
        if opaque.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
            return Err(InvalidEntityTagList);
        }
        tags.push(ListedTag { is_weak: first, opaque: opaque.into() });
        rest = after.get(1..).unwrap_or_default().trim_ascii_start();
        if !rest.is_empty() && !rest.starts_with(b",") {
            return Err(InvalidEntityTagList);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderValue, IF_MATCH};
    use proptest::prelude::*;

    fn list(values: &[&[u8]]) -> Result<Option<EntityTagList>, InvalidEntityTagList> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IF_MATCH, HeaderValue::from_bytes(value).unwrap());
        }
        EntityTagList::of(&headers, &IF_MATCH)
    }

    fn tags(tags: &[(bool, &str)]) -> EntityTagList {
        let tag = |(is_weak, opaque): &(bool, &str)| ListedTag { is_weak: *is_weak, opaque: opaque.as_bytes().into() };
        EntityTagList::Tags(tags.iter().map(tag).collect())
    }

    #[test]
    fn a_list_has_strong_and_weak_tags_in_one_header_or_several() {
        for (values, expected, reason) in [
            (vec![], None, "no header"),
            (vec!["*"], Some(EntityTagList::Any), "any"),
            (vec![" \"7\" "], Some(tags(&[(false, "7")])), "one"),
            (vec!["\"7\",W/\"a\" , \"\""], Some(tags(&[(false, "7"), (true, "a"), (false, "")])), "several"),
            (vec!["\"a,b\""], Some(tags(&[(false, "a,b")])), "a comma inside of a tag"),
            (vec![",\"7\",,"], Some(tags(&[(false, "7")])), "empty elements"),
            (vec!["\"7\"", "\"8\""], Some(tags(&[(false, "7"), (false, "8")])), "two headers"),
            (vec!["\"*\""], Some(tags(&[(false, "*")])), "a tag that is called *"),
            (vec!["\"\u{e9}\""], Some(tags(&[(false, "\u{e9}")])), "above ASCII"),
        ] {
            let values: Vec<_> = values.iter().map(|value| value.as_bytes()).collect();
            assert_eq!(list(&values), Ok(expected), "{reason}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for value in
            ["", ",", "7", "\"7", "7\"", "w/\"7\"", "W\"7\"", "W/7", "\"7\" \"8\"", "*, \"7\"", "\"a b\"", "\"7\"x"]
        {
            assert_eq!(list(&[value.as_bytes()]), Err(InvalidEntityTagList), "{value}");
        }
        assert_eq!(list(&[b"*", b"\"7\""]), Err(InvalidEntityTagList));
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_a_panic(value in "[ \"W/,*a\u{e9}]{0,12}") {
            let _ = list(&[value.as_bytes()]);
        }
    }
}
