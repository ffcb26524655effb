//! The canonical string of a request, which scheme v2 signs.

use actix_web::http::{Method, Uri};

/// The key headers that are signed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedHeaders<'a> {
    pub(crate) ts: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) key: &'a str,
}

/// The eight lines. The target is neither decoded nor encoded, so that both sides sign the same bytes.
pub(crate) fn canonical_string(method: &Method, target: &Uri, body_hash: &str, headers: SignedHeaders<'_>) -> String {
    let method = method.as_str().to_ascii_uppercase();
    let query = sorted_query(target.query().unwrap_or_default());
    let SignedHeaders { ts, nonce, key } = headers;
    ["v2", &method, target.path(), &query, body_hash, ts, nonce, key].join("\n")
}

fn sorted_query(query: &str) -> String {
    let mut parts: Vec<&str> = query.split('&').filter(|part| !part.is_empty()).collect();
    parts.sort_unstable();
    parts.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_query_is_sorted_by_bytes_and_otherwise_left_as_it_was_sent() {
        for (query, sorted, reason) in [
            ("", "", "none"),
            ("b=2&a=1", "a=1&b=2", "by name"),
            ("a=2&a=10&a=1", "a=1&a=10&a=2", "and then by value, as text"),
            ("&&b&&a&", "a&b", "empty parts say nothing"),
            ("a=%2f&a=%2F", "a=%2F&a=%2f", "nothing is decoded, and case counts"),
            ("a+b=c d", "a+b=c d", "nothing is encoded"),
            ("a[]=2&a%5B%5D=1&A=3", "A=3&a%5B%5D=1&a[]=2", "upper case before `%` and `[`"),
        ] {
            assert_eq!(sorted_query(query), sorted, "{reason}");
        }
    }

    proptest! {
        #[test]
        fn the_order_of_the_parts_does_not_matter_and_every_part_does(
            mut parts in prop::collection::vec("[a-c%=]{1,4}", 0..6),
        ) {
            let before = sorted_query(&parts.join("&"));
            parts.reverse();
            prop_assert_eq!(&sorted_query(&parts.join("&")), &before);
            parts.push("a".into());
            prop_assert_ne!(sorted_query(&parts.join("&")), before);
        }
    }
}
