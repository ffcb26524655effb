//! What must hold of the headers of an access key, whatever they are. An input is lines of a name, `:` and a value.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri};
use annotation_statistics_api::fuzz::Credentials;

pub(crate) const WORDS: &[&str] = &[
    "X-STARDUST-KEY:ak-1001",
    "x-stardust-key:",
    "X-TS:1744122000000",
    "x-ts:",
    "X-SIGN:v2=",
    "x-sign:",
    "X-NONCE:n-0123456789abcdef",
    "x-nonce:",
    "\n",
    "v2=",
    "v1=",
    "058be40904cdd4407acc23d5a6a6f782",
    "-",
    "+1",
    " ",
    "\t",
    ",",
    "é",
    "\u{80}",
    "9223372036854775808",
    "0123456789012345678901234567890123456789012345678901234567890123",
];
const SECRET: &str = "correct-horse&battery=staple/7!";

pub(crate) fn check(input: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n') {
        let Some(end) = line.iter().position(|byte| *byte == b':') else { continue };
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(&line[..end]), HeaderValue::from_bytes(&line[end + 1..]))
        {
            headers.append(name, value);
        }
    }
    let read = Credentials::read(&headers);
    assert_eq!(read.as_ref().ok(), expected(&headers).as_ref(), "by the words of the document");
    match read {
        Ok(credentials) => signed(&credentials, input),
        Err(why) => assert!(why.is_ascii() && (1..200).contains(&why.len()), "{why:?}"),
    }
}

/// The rules once more, as simple as can be.
fn expected(headers: &HeaderMap) -> Option<Credentials> {
    let only = |name: &str| {
        let values: Vec<&HeaderValue> = headers.get_all(name).collect();
        let [value] = values.as_slice() else { return None };
        let text = String::from_utf8(value.as_bytes().to_vec()).ok()?;
        (!text.is_empty() && text.bytes().all(|byte| (0x21..=0x7e).contains(&byte))).then_some(text)
    };
    let made_of = |text: &str, more: &str| text.chars().all(|one| one.is_ascii_alphanumeric() || more.contains(one));
    let (key, ts, sign) = (only("x-stardust-key")?, only("x-ts")?, only("x-sign")?);
    let is_key = key.len() <= 64 && made_of(&key, "._-");
    let is_time = ts.bytes().all(|byte| byte.is_ascii_digit()) && ts.parse::<i64>().is_ok();
    // A nonce is looked at as a header even where scheme v1 has no use for it.
    let nonce = if headers.contains_key("x-nonce") { Some(only("x-nonce")?) } else { None };
    if !is_key || !is_time {
        return None;
    }
    let Some(signature) = sign.strip_prefix("v2=") else {
        return Some(Credentials { key, ts, signature: sign, nonce: None });
    };
    let nonce = nonce.filter(|nonce| (16..=64).contains(&nonce.len()) && made_of(nonce, "_-"))?;
    Some(Credentials { key, ts, signature: signature.to_owned(), nonce: Some(nonce) })
}

/// The right signature is right, and a changed one is not.
fn signed(credentials: &Credentials, body: &[u8]) {
    let target = Uri::from_static("/statistics?b=2&a=1");
    let canonical = credentials.canonical(&Method::PUT, &target, body);
    assert_eq!(canonical.is_some(), credentials.nonce.is_some());
    if let (Some(canonical), Some(nonce)) = (&canonical, &credentials.nonce) {
        let lines: Vec<&str> = canonical.split('\n').collect();
        assert_eq!(lines.len(), 8, "{canonical:?}");
        assert_eq!((&lines[..4], lines[4].len()), (&["v2", "PUT", "/statistics", "a=1&b=2"][..], 64));
        assert_eq!(lines[5..], [credentials.ts.as_str(), nonce, &credentials.key]);
    }
    let signature = credentials.signature(SECRET, canonical.as_deref());
    let with = |signature: &str| Credentials { signature: signature.to_owned(), ..credentials.clone() };
    assert!(with(&signature).is_by(SECRET, canonical.as_deref()));
    assert!(!with(&signature).is_by("another-secret-of-16", canonical.as_deref()));
    assert!(!with(&signature[1..]).is_by(SECRET, canonical.as_deref()), "cut");
    assert!(!with(&format!("{signature}0")).is_by(SECRET, canonical.as_deref()), "longer");
    assert!(!with("").is_by(SECRET, canonical.as_deref()), "none");
}
