//! What must hold of any text that is shown as a session or as a share link.

use crate::{access_key, key_secret};
use annotation_statistics_access::{AccessKey, Grant, KeyId, SignedToken, Timestamp, TokenKey};

pub(crate) const WORDS: &[&str] = &[
    ".",
    "..",
    "ak-1",
    "4102444800000",
    "-1",
    "+1",
    "0",
    "9223372036854775807",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "=",
    "-_",
    "+/",
    "%2E",
    ";",
    " ",
    "é",
    "\0",
];

pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Some(token) = SignedToken::parse(&text) else { return };
    assert_eq!(token.to_string(), text, "there is one spelling of each token");
    assert!(text.len() <= SignedToken::MAX_BYTES);
    let key = AccessKey { id: token.key().clone(), ..access_key("ak-1") };
    let token_key = TokenKey::derive(&[7; 32]);
    let before = Timestamp::from(i64::MIN);
    let is_valid = token.is_valid(&token_key, Some(&key), &key_secret("decoy"), Grant::Session, before);
    assert!(!is_valid, "no token is made up");
    let ours = SignedToken::issue(&token_key, token.key(), &key.secret, token.expires(), Grant::Session);
    let is_before_its_end = before < token.expires();
    assert_eq!(
        ours.is_valid(&token_key, Some(&key), &key_secret("decoy"), Grant::Session, before),
        is_before_its_end,
        "one that the service made is valid"
    );
    assert_eq!(SignedToken::parse(&ours.to_string()).as_ref(), Some(&ours), "and read back");
    assert!(KeyId::new(token.key().as_str()).is_ok());
}
