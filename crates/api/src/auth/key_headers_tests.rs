use super::*;
use actix_web::http::header::{HeaderName, HeaderValue};
use proptest::prelude::*;

const V1: [(&str, &[u8]); 3] =
    [("x-stardust-key", b"ak-7"), ("x-ts", b"1744122000000"), ("x-sign", b"0123456789abcdef0123456789abcdef")];

fn headers(given: &[(&str, &[u8])]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        headers.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value).unwrap());
    }
    headers
}

/// The error of the headers of scheme v1, where some of them are changed, left out or given twice.
fn error(changes: &[(&str, &[u8])], more: &[(&str, &[u8])]) -> String {
    let new_value = |name: &str| changes.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
    let base = V1.map(|(name, value)| (name, new_value(name).unwrap_or(value)));
    let mut given: Vec<_> = base.into_iter().filter(|(_, value)| *value != b"(left out)").collect();
    given.extend(more);
    match KeyHeaders::read(&headers(&given)) {
        Err(AccessError::Malformed(why)) => why.to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_headers_of_both_schemes_are_read() {
    let found = headers(&V1);
    let read = KeyHeaders::read(&found).unwrap();
    assert_eq!(
        (read.key.as_str(), read.timestamp.millis(), read.ts.as_str()),
        ("ak-7", 1_744_122_000_000, "1744122000000")
    );
    assert_eq!(read.proof, Proof::V1 { signature: "0123456789abcdef0123456789abcdef".into() });

    let mut given = V1.to_vec();
    given[2].1 = b"v2=abc";
    given.push(("x-nonce", b"0123456789abcdef"));
    let found = headers(&given);
    let nonce = Nonce::new("0123456789abcdef").unwrap();
    assert_eq!(KeyHeaders::read(&found).unwrap().proof, Proof::V2 { signature: "abc".into(), nonce, announced: None });
}

#[test]
fn the_hash_of_the_body_may_be_announced_before_it_arrives() {
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let given = |hash: &[u8]| {
        let [key, ts, _] = V1;
        let more = [("x-sign", &b"v2=abc"[..]), ("x-nonce", b"0123456789abcdef"), ("x-content-sha256", hash)];
        KeyHeaders::read(&headers(&[&[key, ts][..], &more].concat()))
    };
    let Proof::V2 { announced, .. } = given(hash.as_bytes()).unwrap().proof else { panic!("it is scheme v2") };
    assert_eq!(announced.as_deref(), Some(hash));
    for wrong in [&hash[1..], &hash.to_uppercase(), &format!("{hash}0"), &hash.replace('e', "g")] {
        let reported = given(wrong.as_bytes()).unwrap_err().to_string();
        assert_eq!(reported, "X-CONTENT-SHA256 is not 64 lower-case hexadecimal digits", "{wrong}");
    }
}

#[test]
fn headers_that_are_missing_doubled_or_malformed_are_refused() {
    let gone: &[u8] = b"(left out)";
    let v2: (&str, &[u8]) = ("x-sign", b"v2=abc");
    for (changes, more, reported) in [
        (&[("x-stardust-key", gone)][..], &[][..], KEY.missing),
        (&[("x-ts", gone)], &[], TS.missing),
        (&[("x-sign", gone)], &[], SIGN.missing),
        (&[], &[V1[0]], KEY.twice),
        (&[], &[V1[1]], TS.twice),
        (&[], &[V1[2]], SIGN.twice),
        (&[], &[v2], SIGN.twice),
        (&[], &[("x-nonce", b"0123456789abcdef"), ("x-nonce", b"0123456789abcdef")], NONCE.twice),
        (&[("x-stardust-key", b"")], &[], KEY.wrong),
        (&[("x-stardust-key", b"a b")], &[], KEY.wrong),
        (&[("x-stardust-key", b"ak-7, ak-7")], &[], KEY.wrong),
        (&[("x-stardust-key", "caf\u{e9}".as_bytes())], &[], KEY.wrong),
        (&[("x-stardust-key", b"\xe9")], &[], KEY.wrong),
        (&[("x-ts", b"")], &[], TS.wrong),
        (&[("x-ts", b"-1")], &[], TS.wrong),
        (&[("x-ts", b"+1744122000000")], &[], TS.wrong),
        (&[("x-ts", b"1744122000.5")], &[], TS.wrong),
        (&[("x-ts", b"2025-04-08T14:20:00Z")], &[], TS.wrong),
        (&[("x-ts", "\u{661}".as_bytes())], &[], TS.wrong),
        (&[("x-ts", b"9223372036854775808")], &[], TS.wrong),
        (&[("x-sign", b"")], &[], SIGN.wrong),
        (&[("x-sign", b"a b")], &[], SIGN.wrong),
        (&[("x-sign", "\u{430}bc".as_bytes())], &[], SIGN.wrong),
        (&[v2], &[], NONCE.missing),
        (&[v2], &[("x-nonce", b"0123456789abcde")], NONCE.wrong),
        (&[v2], &[("x-nonce", b"0123456789abcde.")], NONCE.wrong),
        (&[v2], &[("x-nonce", "0123456789abcde\u{e9}".as_bytes())], NONCE.wrong),
    ] {
        assert_eq!(error(changes, more), reported, "{changes:?} {more:?}");
    }
}

proptest! {
    #[test]
    fn any_headers_are_read_or_refused_without_a_panic(
        given in prop::collection::vec(
            (prop::sample::select(vec!["x-stardust-key", "x-ts", "x-sign", "x-nonce"]), "(v2=|[0-9a-f]|\\PC){0,40}"),
            0..6,
        )
    ) {
        let given: Vec<_> = given.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let found = headers(&given);
        if let Ok(read) = KeyHeaders::read(&found) {
            prop_assert!(given.len() >= 3 && read.ts.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
