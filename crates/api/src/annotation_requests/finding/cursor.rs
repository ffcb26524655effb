//! Where a page begins, as the client gets it and brings it back.

use crate::response::{InvalidParameter, invalid};
use annotation_statistics_domain::{AnnotationRequestId, RequestPosition, TaskPosition};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};

/// The parameter.
pub(super) const CURSOR: &str = "cursor";

/// The bytes of the number that comes first.
const NUMBER: usize = 8;
/// The bytes of the fingerprint that comes last: enough to notice what was copied wrong, or belongs to another search. It
/// protects nothing, as a place gives no access to anything.
const FINGERPRINT: usize = 8;

/// A number and an id, in base64, with a fingerprint of them and of the search.
fn write(search: &str, number: u64, id: &AnnotationRequestId) -> String {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.extend_from_slice(id.as_str().as_bytes());
    let fingerprint = fingerprint(search, &bytes);
    bytes.extend_from_slice(&fingerprint);
    BASE64URL_NOPAD.encode(&bytes)
}

fn read(search: &str, text: &str) -> Result<(u64, AnnotationRequestId), InvalidParameter> {
    let place = BASE64URL_NOPAD.decode(text.as_bytes()).ok().and_then(|bytes| {
        let (place, given) = bytes.split_at_checked(bytes.len().checked_sub(FINGERPRINT)?)?;
        let (number, id) = place.split_first_chunk::<NUMBER>()?;
        let id = AnnotationRequestId::new(std::str::from_utf8(id).ok()?).ok()?;
        (fingerprint(search, place) == given).then_some((u64::from_be_bytes(*number), id))
    });
    place.ok_or_else(|| invalid(CURSOR, "must be the next of a page of the same search"))
}

fn fingerprint(search: &str, place: &[u8]) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(search.as_bytes());
    hash.update([0]);
    hash.update(place);
    hash.finalize().into_iter().take(FINGERPRINT).collect()
}

/// A place in the list that a search is for.
pub(super) fn of_request(search: &str, place: &RequestPosition) -> String {
    let since = place.changed_at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    write(search, u64::try_from(since.as_micros()).unwrap_or(u64::MAX), &place.id)
}

/// The place that [`of_request`] wrote.
pub(super) fn request(search: &str, text: &str) -> Result<RequestPosition, InvalidParameter> {
    let (micros, id) = read(search, text)?;
    let changed_at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_micros(micros));
    let changed_at = changed_at.ok_or_else(|| invalid(CURSOR, "has a time that there is not"))?;
    Ok(RequestPosition { changed_at, id })
}

/// A place among the tasks that a search is for.
pub(super) fn of_task(search: &str, place: &TaskPosition) -> String {
    write(search, place.position, &place.annotation_request_id)
}

/// The place that [`of_task`] wrote.
pub(super) fn task(search: &str, text: &str) -> Result<TaskPosition, InvalidParameter> {
    let (position, annotation_request_id) = read(search, text)?;
    Ok(TaskPosition { annotation_request_id, position })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_is_read_as_it_was_written(micros in 0_u64..1 << 60, id in "[^\0]{1,60}") {
            let place = RequestPosition {
                changed_at: SystemTime::UNIX_EPOCH + Duration::from_micros(micros),
                id: AnnotationRequestId::new(id.as_str()).unwrap(),
            };
            let text = of_request("x", &place);
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            prop_assert_eq!(request("x", &text), Ok(place));
            prop_assert!(request("y", &text).is_err());
        }

        #[test]
        fn no_other_text_is_a_place(text in "[A-Za-z0-9_=%-]{0,60}") {
            prop_assert!(request("x", &text).is_err() && task("x", &text).is_err());
        }
    }

    #[test]
    fn one_changed_letter_is_noticed() {
        let place = TaskPosition { annotation_request_id: AnnotationRequestId::new("order 7").unwrap(), position: 3 };
        let text = of_task("x", &place);
        assert_eq!(task("x", &text), Ok(place));
        for at in 0..text.len() {
            let letter = if text.as_bytes()[at] == b'A' { 'B' } else { 'A' };
            let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
            assert!(task("x", &changed).is_err(), "{changed}");
        }
    }
}
