//! The header that names the annotation requests that are unknown.

use crate::http::encoded;
use actix_web::http::header::{HeaderName, HeaderValue};
use annotation_statistics_domain::AnnotationRequestId;

/// The header.
pub(super) const UNKNOWN_ANNOTATION_REQUEST: HeaderName = HeaderName::from_static("unknown-annotation-request");

/// The header that names those that have no statement of the requested name.
pub(super) const UNKNOWN_STATEMENT: HeaderName = HeaderName::from_static("unknown-statement");

/// The largest list, in bytes: proxies and clients refuse responses with larger heads (8 KiB is a common limit).
const MAX_BYTES: usize = 4_096;

const SEPARATOR: &str = ", ";

/// The ids, percent-encoded, as many as fit.
pub(crate) fn list_unknown(ids: &[AnnotationRequestId]) -> String {
    let mut list = String::new();
    for id in ids {
        let separator = if list.is_empty() { "" } else { SEPARATOR };
        let next = format!("{separator}{}", encoded(id.as_str()));
        if list.len() + next.len() > MAX_BYTES {
            break;
        }
        list.push_str(&next);
    }
    list
}

/// The value of the header; none without an id.
pub(super) fn unknown_requests(ids: &[AnnotationRequestId]) -> Option<HeaderValue> {
    let list = list_unknown(ids);
    HeaderValue::try_from(list).ok().filter(|list| !list.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ids: &[&str]) -> String {
        list_unknown(&ids.iter().map(|id| AnnotationRequestId::new(*id).unwrap()).collect::<Vec<_>>())
    }

    #[test]
    fn each_id_is_percent_encoded_so_that_a_comma_separates() {
        assert_eq!(list(&["a,b", "order 7", "é\r\n", "~"]), "a%2Cb, order%207, %C3%A9%0D%0A, ~");
        assert_eq!(unknown_requests(&[]), None);
    }

    #[test]
    fn no_id_is_cut_and_no_list_is_longer_than_it_may() {
        let id = "x".repeat(100);
        let full = list(&vec![id.as_str(); 1_000]);
        assert_eq!((full.len(), full.split(", ").count()), (40 * 102 - 2, 40));
        let wide = "\u{8f66}".repeat(85);
        assert_eq!(list(&[&wide, &wide, &wide, &wide, &wide, &wide]).split(", ").count(), 5);
    }
}
