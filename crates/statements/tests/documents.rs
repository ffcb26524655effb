//! What is verified of a document, and what is said of one that is not.

use crate::sample::{Made, key, keys, make, other_key, resigned, sample, tasks};
use annotation_statistics_domain::{PublicKey, StatementName};
use annotation_statistics_statements::{Expected, Verified, VerifyError, verify_document};
use std::num::NonZeroU64;

fn check(made: &Made) -> Result<Verified, String> {
    verify_document(&made.statement.body, &made.statement.signature, &keys()).map_err(|error| error.to_string())
}

/// What is replaced in a document, by what, and what is said then.
pub(crate) const CONTRADICTIONS: &[(&str, &str, &str)] = &[
    ("\"rows/1\"", "\"rows/2\"", "rows.format: it is `rows/2`, not `rows/1`"),
    ("\"abab", "\"ABab", "previous.sha256: it is not 64 hexadecimal digits in lower case"),
    ("\"number\": 2", "\"number\": 1", "number: it is 3, and that of the previous statement 1 (0: there is none)"),
    ("\"asOf\": \"2025", "\"asOf\": \"2026", "asOf: it is after createdAt"),
    ("\"tasks\": 6", "\"tasks\": 7", "rows.tasks: it is 7, total.taskNum is 6"),
    ("\"instanceNum\": 12", "\"instanceNum\": 13", "total.instanceNum: it is 13, its groups add up to 12"),
    ("\"attributeNum\": 2,", "\"attributeNum\": 1,", "delivered.attributeNum: it is 1, its groups add up to 2"),
    ("\"poolType\": 2", "\"poolType\": 5", "groups: they are not in ascending order, or one is there twice"),
    ("\"key\": \"bus\"", "\"key\": \"caz\"", "operationItems: they are not in the order of the bytes of their keys"),
    (
        "\"count\": 12",
        "\"count\": 13",
        "total.instanceNum + total.attributeNum: it is 15, the operation items add up to 16",
    ),
    (
        "\"count\": 12",
        "\"count\": 340282366920938463463374607431768211455",
        "operationItems: it is larger than any sum can be",
    ),
    (
        "\"delivered\": 8",
        "\"delivered\": 7",
        "delivered.instanceNum + delivered.attributeNum: it is 10, the operation items",
    ),
    ("\"delivered\": 8", "\"delivered\": 13", "operationItems `car`: more of it is delivered than there is"),
    ("\"slot\"", "\"box\"", "operationItems `bus`: its kind is neither slot nor input"),
    ("\"count\": 0", "\"count\": 1", "operationItems `bus`: its count and its taskNum do not go together"),
    ("\"taskNum\": 6\n    },", "\"taskNum\": 7\n    },", "operationItems `car`: more tasks have it than there are"),
];

#[test]
fn a_document_that_contradicts_itself_is_refused_though_it_is_signed() {
    let made = make(&sample(tasks(6))).unwrap();
    let document = String::from_utf8(made.statement.body.clone()).unwrap();
    for (from, to, expected) in CONTRADICTIONS {
        assert!(document.contains(from), "{from}");
        let changed = document.replacen(from, to, 1);
        let signature = key().sign(changed.as_bytes());
        let error = verify_document(changed.as_bytes(), &signature, &keys()).map_err(|error| error.to_string());
        let error = error.unwrap_err();
        assert!(error.starts_with(&format!("the document contradicts itself: {expected}")), "{to}: {error}");
    }
}

#[test]
fn documents_of_other_formats_and_with_other_members_are_refused() {
    let made = make(&sample(tasks(1))).unwrap();
    for (from, to, expected) in [
        ("statement/1", "statement/2", "the document: its format is `annotation-statistics/statement/2`, not"),
        (
            "\"name\"",
            "\"paid\": true, \"name\"",
            "the document: it is not the document of a statement: unknown field `paid`",
        ),
        (
            "\"name\"",
            "\"number\": 3, \"name\"",
            "the document: it is not the document of a statement: duplicate field `number`",
        ),
        (
            "\"campaignId\": \"1001\",",
            "",
            "the document: it is not the document of a statement: missing field `campaignId`",
        ),
        ("2026-11", "a/b", "the document: it is not the document of a statement: must be 1 to 64 letters"),
        (
            "\"number\": 3",
            "\"number\": 0",
            "the document: it is not the document of a statement: invalid value: integer `0`",
        ),
    ] {
        let error = check(&resigned(&made, &[(from, to)])).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_statement_is_verified_with_the_key_that_it_names_alone() {
    let made = make(&sample(tasks(1))).unwrap();
    let (body, signature) = (&made.statement.body, &made.statement.signature);
    let [other, own] = keys();
    let disguised = PublicKey { id: own.id.clone(), ..other.clone() };
    for (keys, given) in [(vec![], "none"), (vec![other], "ID"), (vec![disguised], "ID")] {
        let error = verify_document(body, signature, &keys).unwrap_err().to_string();
        let given = given.replace("ID", other_key().public_key().id.as_str());
        let expected =
            format!("the document is signed with the key 21fe31dfa154a261, the public keys given are: {given}.");
        assert!(error.starts_with(&expected), "{error}");
    }
    for signature in [&signature[..63], &[&signature[..], b"\n"].concat(), b""] {
        let error = verify_document(body, signature, &keys()).unwrap_err();
        assert!(matches!(error, VerifyError::Signature { .. }), "{error}");
    }
}

#[test]
fn an_old_statement_under_a_new_name_is_not_the_one_that_was_expected() {
    let made = make(&sample(tasks(1))).unwrap();
    let verified = check(&made).unwrap();
    let name = |name: &str| Some(StatementName::new(name).unwrap());
    let own = Expected { name: name("2026-11"), number: NonZeroU64::new(3), ..Expected::default() };
    for (expected, error) in [
        (Expected::default(), None),
        (own.clone(), None),
        (
            Expected { name: name("2026-12"), ..own.clone() },
            Some("name: the document has `2026-11`, expected was `2026-12`"),
        ),
        (
            Expected { number: NonZeroU64::new(4), ..own.clone() },
            Some("number: the document has `3`, expected was `4`"),
        ),
        (
            Expected { annotation_request_id: Some("S".to_owned().try_into().unwrap()), ..own },
            Some("annotationRequestId: the document has `R`, expected was `S`"),
        ),
    ] {
        let found = verified.check_expected(&expected).err().map(|error| error.to_string());
        let error = error.map(|error| format!("{error}. It is a statement, but not this one"));
        assert_eq!(found, error);
    }
}

#[test]
fn a_statement_follows_the_one_whose_digest_it_has() {
    let mut first = sample(tasks(1));
    (first.facts.number, first.facts.previous) = (NonZeroU64::MIN, None);
    let first = make(&first).unwrap().statement;
    let next = |number: u64, sha256| {
        let mut next = sample(tasks(2));
        let previous = annotation_statistics_domain::PreviousStatement { number: NonZeroU64::MIN, sha256 };
        (next.facts.number, next.facts.previous) = (NonZeroU64::new(number).unwrap(), Some(previous));
        let made = make(&next).unwrap();
        check(&made).unwrap()
    };
    let second = next(2, first.sha256);
    assert!(second.check_follows(&first.body).is_ok());
    let error = |verified: &Verified, previous: &[u8]| verified.check_follows(previous).unwrap_err().to_string();
    let changed = String::from_utf8(first.body.clone()).unwrap().replace("2026-11", "2026-10");
    let start = "it does not follow the previous statement: ";
    assert!(error(&second, changed.as_bytes()).starts_with(&format!("{start}it names a document with the SHA-256 ")));
    let of_other = changed.replace("\"R\"", "\"S\"");
    let expected = format!("{start}it is of the annotation request `R`, that one of `S`");
    assert_eq!(error(&second, of_other.as_bytes()), expected);
    let third = make(&sample(tasks(1))).unwrap().statement;
    let expected = format!("{start}its number is 2, so number 1 comes before it, not number 3");
    assert_eq!(error(&second, &third.body), expected);
    let made = verify_document(&first.body, &first.signature, &keys()).unwrap();
    assert_eq!(error(&made, &first.body), format!("{start}it is the first one of its annotation request"));
}
