//! The `Link` header: the URLs of the other pages.

use crate::BasePath;
use crate::http::encode_into;
use crate::http::parameters::{ANNOTATION_REQUEST_ID, LIMIT, OFFSET, STATEMENT};
use crate::paths::STATISTICS;
use crate::statistics::params::{StatisticsParams, ZERO_FILL};
use actix_web::http::header::HeaderValue;
use std::num::NonZeroU64;

/// The largest `Link` header, in bytes: proxies and clients refuse responses with larger heads (8 KiB is a common limit).
pub(crate) const MAX_LINK_BYTES: usize = 7_168;

/// The links to the first, previous, next and last page, with the effective limit (RFC 8288), and with zeros or of the
/// statement where this one is.
///
/// There is no previous page before the first, and no next one after the last; the page before one past the end is
/// the last. Each link repeats every id, so that many ids make it large: over [`MAX_LINK_BYTES`] only the link to the
/// next page is kept, and over that size none.
pub(super) fn page_links(base_path: &BasePath, params: &StatisticsParams, count: u64) -> Option<HeaderValue> {
    let page = params.page.page();
    let last = params.page.last_page(count);
    let previous = NonZeroU64::new(page.get() - 1).map(|previous| previous.min(last));
    let next = page.checked_add(1).filter(|next| *next <= last);
    let pages = [("first", Some(NonZeroU64::MIN)), ("prev", previous), ("next", next), ("last", Some(last))];

    let target = target(base_path, params);
    let zeros = if params.zero_fill { format!("&{ZERO_FILL}=true") } else { String::new() };
    // A name needs no encoding.
    let stated = params.statement.as_ref().map(|name| format!("&{STATEMENT}={name}")).unwrap_or_default();
    let after = format!("&{LIMIT}={}{zeros}{stated}>; rel=\"", params.page.limit());
    let mut links = String::with_capacity((target.len() + 64) * pages.len());
    for (relation, page) in pages {
        append(&mut links, [&target, &after], relation, page);
    }
    if links.len() > MAX_LINK_BYTES {
        links.clear();
        append(&mut links, [&target, &after], "next", next);
    }
    let fits = !links.is_empty() && links.len() <= MAX_LINK_BYTES;
    fits.then(|| HeaderValue::try_from(links).ok()).flatten()
}

/// What all links have in front of the number of the page, with every id in canonical encoding.
fn target(base_path: &BasePath, params: &StatisticsParams) -> String {
    let mut target = String::with_capacity(128);
    target.push('<');
    target.push_str(base_path.as_str());
    target.push_str(STATISTICS);
    target.push('?');
    for id in params.requests.as_slice() {
        target.push_str(ANNOTATION_REQUEST_ID);
        target.push('=');
        encode_into(&mut target, id.as_str());
        target.push('&');
    }
    target.push_str(OFFSET);
    target.push('=');
    target
}

/// Appends the link to a page: its number and its relation, and what all links have in front of and after the number.
fn append(links: &mut String, [before, after]: [&str; 2], relation: &str, page: Option<NonZeroU64>) {
    let Some(page) = page else {
        return;
    };
    if !links.is_empty() {
        links.push_str(", ");
    }
    links.push_str(before);
    links.push_str(itoa::Buffer::new().format(page.get()));
    links.push_str(after);
    links.push_str(relation);
    links.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiSettings;

    fn links(query: &str, count: u64) -> Option<String> {
        let params = StatisticsParams::parse(query, &ApiSettings::default()).unwrap();
        let base_path = BasePath::new("/rosetta-open").unwrap();
        page_links(&base_path, &params, count).map(|links| links.to_str().unwrap().to_owned())
    }

    /// `first=1 next=2 last=3`
    fn relations(query: &str, count: u64) -> String {
        let links = links(query, count).unwrap();
        let short = |link: &str| {
            let (target, relation) = link.split_once(">; rel=").unwrap();
            let (_, page) = target.split_once("&offset=").unwrap();
            format!("{}={}", relation.trim_matches('"'), page.strip_suffix("&limit=10").unwrap())
        };
        links.split(", ").map(short).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_link_repeats_the_ids_in_canonical_encoding_and_the_effective_limit() {
        assert_eq!(
            links("annotationRequestId%5B%5D=a+b%2c%C3%A9&annotationRequestId[1]=~c&limit=5000&x=1", 7).unwrap(),
            concat!(
                "</rosetta-open/statistics?annotationRequestId=a%20b%2C%C3%A9&annotationRequestId=~c&offset=1&limit=100>",
                "; rel=\"first\", ",
                "</rosetta-open/statistics?annotationRequestId=a%20b%2C%C3%A9&annotationRequestId=~c&offset=1&limit=100>",
                "; rel=\"last\"",
            )
        );
    }

    #[test]
    fn the_links_of_a_page_with_zeros_are_to_pages_with_zeros() {
        for (flag, kept) in [("&zeroFill=true", "&zeroFill=true"), ("&zeroFill=false", ""), ("", "")] {
            let link = |page: u8, relation: &str| {
                format!(
                    "</rosetta-open/statistics?annotationRequestId=a&offset={page}&limit=10{kept}>; rel=\"{relation}\""
                )
            };
            let expected = [link(1, "first"), link(2, "next"), link(2, "last")].join(", ");
            assert_eq!(links(&format!("annotationRequestId=a{flag}"), 11).unwrap(), expected, "{flag}");
        }
    }

    #[test]
    fn a_link_is_there_exactly_when_its_page_is() {
        for (page, count, expected) in [
            ("offset=1", 0, "first=1 last=1"),
            ("offset=1", 25, "first=1 next=2 last=3"),
            ("offset=2", 25, "first=1 prev=1 next=3 last=3"),
            ("offset=3", 25, "first=1 prev=2 last=3"),
            ("offset=4", 25, "first=1 prev=3 last=3"),
            ("offset=9223372036854775807", 25, "first=1 prev=3 last=3"),
        ] {
            assert_eq!(relations(&format!("annotationRequestId=a&{page}"), count), expected, "{page} of {count}");
        }
    }

    #[test]
    fn many_ids_keep_the_next_link_and_very_many_none() {
        let query = |ids: usize| -> String {
            (0..ids).flat_map(|id| ["annotationRequestId=".to_owned(), format!("{id:0>36}&")]).collect()
        };
        assert_eq!(relations(&query(35), 99), "first=1 next=2 last=10");
        assert_eq!(relations(&query(100), 99), "next=2");
        assert_eq!(links(&query(200), 99), None);
    }
}
