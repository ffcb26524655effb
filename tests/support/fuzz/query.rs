//! What must hold of any query string.

use annotation_statistics_api::fuzz::{ParsedQuery, read_query};
use std::collections::BTreeSet;

pub(crate) const WORDS: &[&str] = &[
    "annotationRequestId",
    "annotationRequestId=a",
    "&",
    "=",
    "[]",
    "[0]",
    "[",
    "]",
    "%5B%5D",
    "offset",
    "offset=2",
    "limit",
    "limit=10",
    "%",
    "%2",
    "%zz",
    "%00",
    "%FF",
    "%C3%A9",
    "+",
    "9223372036854775807",
    "9223372036854775808",
    "0",
    "-1",
    "1.0",
    "é",
    "\u{1d11e}",
    "\0",
    ",",
];

pub(crate) fn check(input: &[u8]) {
    let query = String::from_utf8_lossy(input);
    match read_query(&query) {
        Ok(parsed) => understood(&query, &parsed),
        Err(why) => {
            assert!(!why.is_empty() && why.chars().count() <= 400, "a reason is short: {why}");
            assert!(!why.chars().any(char::is_control), "a reason is one line: {why:?}");
        }
    }
    let more = read_query(&format!("{query}&cache-buster=7&&"));
    assert_eq!(more, read_query(&query), "unknown parameters and empty parts mean nothing");
}

fn understood(query: &str, parsed: &ParsedQuery) {
    let ParsedQuery { ids, page, limit } = parsed;
    assert!((1..=1_000).contains(&ids.len()) && *page >= 1 && (1..=100).contains(limit), "{parsed:?}");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "each id once");
    assert!(ids.iter().all(|id| (1..=255).contains(&id.len()) && !id.contains('\0')), "{ids:?}");
    assert!(ids.iter().map(String::len).sum::<usize>() <= query.len(), "nothing is made up");
    let same = read_query(&written(parsed, "annotationRequestId"));
    assert_eq!(same.as_ref(), Ok(parsed), "what was understood is read back");
    assert_eq!(read_query(&written(parsed, "annotationRequestId%5B0%5D")), same, "the spellings mean the same");
}

/// The query as a careful client would write it.
fn written(parsed: &ParsedQuery, list: &str) -> String {
    let ids = parsed.ids.iter().map(|id| format!("{list}={}&", encoded(id)));
    format!("{}offset={}&limit={}", ids.collect::<String>(), parsed.page, parsed.limit)
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| format!("{encoded}%{byte:02X}"))
}
