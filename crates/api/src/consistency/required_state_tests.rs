use super::*;
use crate::ApiSettings;
use crate::response::PageIdentity;
use crate::statistics::StatisticsParams;
use actix_web::http::header::HeaderValue;

fn headers(given: &[(HeaderName, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        headers.append(name.clone(), HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn revisions(numbers: &[i64]) -> Vec<Revision> {
    numbers.iter().copied().map(Revision::from).collect()
}

fn tag(numbers: &[i64]) -> EntityTag {
    let params = StatisticsParams::parse("annotationRequestId=a&annotationRequestId=b", &ApiSettings::default());
    let params = params.unwrap();
    PageIdentity::of(&params.requests, params.page, params.zero_fill, None).tag_at(&revisions(numbers))
}

fn is_reached(given: &[(HeaderName, &str)], by: &[i64]) -> bool {
    let headers = headers(given);
    RequiredState::of(&headers).unwrap().is_met_by(&revisions(by), &tag(by), &headers)
}

#[test]
fn a_change_is_reached_by_its_very_revision_or_by_later_ones_only() {
    for (min, by, expected, reason) in [
        ("5", &[5, 1][..], true, "the one that was changed"),
        ("5", &[6, 5], true, "the other was changed later"),
        ("5", &[7, 6], true, "whichever it was, it has been changed since"),
        ("5", &[4, 3], false, "none was changed so late"),
        ("5", &[7, 4], false, "the change of the one may be known of the other"),
        ("0", &[1, 1], true, "any state"),
    ] {
        assert_eq!(is_reached(&[(MIN_REVISION, min)], by), expected, "{min}, {by:?}: {reason}");
    }
}

#[test]
fn a_state_that_was_seen_is_reached_by_itself_or_by_a_later_one_only() {
    let seen = tag(&[5, 10]).to_header().unwrap();
    let seen = seen.to_str().unwrap();
    for (by, expected, reason) in [
        (&[5, 10][..], true, "the same state"),
        (&[3, 10], false, "one of them is in an earlier state"),
        (&[5, 9], false, "the other one is"),
        (&[5, 11], true, "a later state: what was seen was changed before"),
        (&[11, 10], true, "a later state"),
        (&[7, 10], false, "it may be later, and cannot be distinguished from an earlier one"),
    ] {
        assert_eq!(is_reached(&[(IF_NONE_MATCH, seen)], by), expected, "{by:?}: {reason}");
    }
    let older = tag(&[1, 2]).to_header().unwrap();
    let both = [(IF_NONE_MATCH, older.to_str().unwrap()), (IF_NONE_MATCH, seen)];
    assert!(!is_reached(&both, &[1, 2]), "the client has seen a later one, too");
}

#[test]
fn without_a_required_state_any_is_served() {
    for given in ["*", "\"other\"", "no list"] {
        assert!(is_reached(&[(IF_NONE_MATCH, given)], &[1, 1]), "{given}");
    }
    assert!(is_reached(&[], &[1, 1]));
}

#[test]
fn a_least_revision_that_is_none_is_refused() {
    let given = |values: &[&str]| {
        let given: Vec<_> = values.iter().map(|value| (MIN_REVISION, *value)).collect();
        RequiredState::of(&headers(&given)).map_err(|error| error.to_string())
    };
    for wrong in [&[""][..], &["\"5\""], &["-5"], &["+5"], &["5.0"], &["9223372036854775808"], &["5", "5"]] {
        let why = "Min-Revision must be given once, a revision in digits such as 1744122000000000";
        assert_eq!(given(wrong), Err(why.to_owned()), "{wrong:?}");
    }
    let last = given(&["9223372036854775807"]).unwrap();
    assert_eq!(last.changed, Some(Revision::from(i64::MAX)));
}
