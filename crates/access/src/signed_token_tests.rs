use super::*;
use crate::{KeyScopes, PreviousSecret};
use annotation_statistics_domain::CampaignScope;

/// When a token is checked, in milliseconds.
const NOW: i64 = 1_000;
/// When a secret that was rotated ends.
const LATER: i64 = 2_000;

fn secret(text: &str) -> KeySecret {
    KeySecret::new(format!("{text}-0123456789abcdef")).unwrap()
}

/// A key with a secret, and one before it that is valid until `LATER`.
fn key(id: &str) -> AccessKey {
    AccessKey {
        id: KeyId::new(id).unwrap(),
        secret: secret("new"),
        previous: Some(PreviousSecret { secret: secret("old"), expires: LATER.into() }),
        scopes: KeyScopes::Read,
        campaigns: CampaignScope::All,
        id_prefix: None,
        accepts_v1: false,
        expires: None,
    }
}

fn ids(texts: &[&str]) -> AnnotationRequestIds {
    AnnotationRequestIds::new(texts.iter().map(|text| AnnotationRequestId::new(*text).unwrap())).unwrap()
}

fn token_key(seed: u8) -> TokenKey {
    TokenKey::derive(&[seed; 32])
}

/// A token of the current secret that is valid for a day.
fn issued(grant: Grant<'_>) -> SignedToken {
    let key = key("a.b");
    SignedToken::issue(&token_key(1), &key.id, &key.secret, Timestamp::from(86_400_000), grant)
}

fn is_valid(text: &str, token_key: &TokenKey, key: Option<&AccessKey>, grant: Grant<'_>, now: i64) -> bool {
    let token = SignedToken::parse(text);
    token.is_some_and(|token| token.is_valid(token_key, key, &secret("decoy"), grant, now.into()))
}

#[test]
fn a_token_is_good_for_its_key_until_it_expires() {
    let token = issued(Grant::Session);
    let check = |now| is_valid(&token.to_string(), &token_key(1), Some(&key("a.b")), Grant::Session, now);
    assert!(check(NOW) && check(86_399_999));
    assert!(!check(86_400_000), "it ends on the millisecond");
    assert_eq!((token.key().as_str(), token.expires()), ("a.b", Timestamp::from(86_400_000)));
}

#[test]
fn a_token_that_was_forged_is_good_for_nothing() {
    let text = issued(Grant::Session).to_string();
    let (expires, rest) = text.split_once('.').unwrap();
    let (mac, id) = rest.split_once('.').unwrap();
    let other_mac = if mac.starts_with('A') { mac.replacen('A', "B", 1) } else { format!("A{}", &mac[1..]) };
    for (forged, key_id, reason) in [
        (format!("{expires}.{other_mac}.{id}"), "a.b", "another MAC"),
        (format!("86400001.{mac}.{id}"), "a.b", "a later expiry"),
        (format!("{expires}.{mac}.c"), "c", "another key"),
        (format!("0{expires}.{mac}.{id}"), "a.b", "another spelling of the expiry"),
        (format!("+{expires}.{mac}.{id}"), "a.b", "a sign"),
        (format!("{expires}.{mac}=.{id}"), "a.b", "padding"),
        (format!("{expires}.{mac}.{id}."), "a.b.", "a longer key"),
        (format!("{expires}.{mac}"), "a.b", "no key"),
        (format!("{text}{}", "a".repeat(200)), "a.b", "too long"),
        (String::new(), "a.b", "nothing"),
    ] {
        assert!(!is_valid(&forged, &token_key(1), Some(&key(key_id)), Grant::Session, NOW), "{reason}");
    }
    let check = |token_key, key: Option<&AccessKey>| is_valid(&text, &token_key, key, Grant::Session, NOW);
    assert!(!check(token_key(2), Some(&key("a.b"))), "another master key");
    assert!(!check(token_key(1), Some(&key("c"))), "another key of the same secret");
    assert!(!check(token_key(1), None), "a revoked or unknown key");
}

#[test]
fn a_token_ends_with_its_key_and_with_the_secret_that_it_was_made_with() {
    let text = issued(Grant::Session).to_string();
    let check = |key: AccessKey, now| is_valid(&text, &token_key(1), Some(&key), Grant::Session, now);
    let previous = |expires| Some(PreviousSecret { secret: secret("new"), expires: Timestamp::from(expires) });
    let rotated = || AccessKey { secret: secret("newer"), previous: previous(LATER), ..key("a.b") };
    assert!(check(rotated(), NOW), "its secret is valid during the rotation");
    assert!(!check(rotated(), LATER), "and not after it");
    assert!(!check(AccessKey { secret: secret("newest"), previous: None, ..key("a.b") }, NOW));
    assert!(!check(AccessKey { expires: Some(NOW.into()), ..key("a.b") }, NOW), "the key has expired");
}

#[test]
fn a_share_link_is_good_for_its_list_and_is_no_session() {
    let list = ids(&["a", "b"]);
    let text = issued(Grant::Share(&list)).to_string();
    let check = |grant: Grant<'_>| is_valid(&text, &token_key(1), Some(&key("a.b")), grant, NOW);
    assert!(check(Grant::Share(&list)));
    for (other, reason) in [
        (ids(&["a"]), "a shorter list"),
        (ids(&["b", "a"]), "another order"),
        (ids(&["a", "b", "c"]), "a longer list"),
        (ids(&["ab"]), "the same letters"),
    ] {
        assert!(!check(Grant::Share(&other)), "{reason}");
    }
    assert!(!check(Grant::Session));
    let session = issued(Grant::Session).to_string();
    assert!(!is_valid(&session, &token_key(1), Some(&key("a.b")), Grant::Share(&list), NOW));
}

#[test]
fn the_link_of_a_statement_is_good_for_it_and_nothing_else() {
    let name = |text: &str| StatementName::new(text).unwrap();
    let (list, of) = (ids(&["a", "b"]), ids(&["a"]));
    let (a, b) = (&list.as_slice()[0], &list.as_slice()[1]);
    let text = issued(Grant::Statement(a, &name("b"))).to_string();
    let check = |grant: Grant<'_>| is_valid(&text, &token_key(1), Some(&key("a.b")), grant, NOW);
    assert!(check(Grant::Statement(a, &name("b"))));
    for (other, reason) in [
        (Grant::Statement(a, &name("c")), "another statement"),
        (Grant::Statement(b, &name("b")), "one of another request"),
        (Grant::Statement(b, &name("a")), "the other way round"),
        (Grant::Share(&of), "the live numbers"),
        (Grant::Share(&list), "a list of the same words"),
        (Grant::Session, "a session"),
    ] {
        assert!(!check(other), "{reason}");
    }
    let of_list = issued(Grant::Share(&list)).to_string();
    let grant = Grant::Statement(a, &name("b"));
    assert!(!is_valid(&of_list, &token_key(1), Some(&key("a.b")), grant, NOW), "a link to a list of the same words");
    let at = |now| is_valid(&text, &token_key(1), Some(&key("a.b")), Grant::Statement(a, &name("b")), now);
    assert!(at(86_399_999) && !at(86_400_000), "it ends on the millisecond");
}

#[test]
fn a_link_that_was_made_before_there_were_statements_is_still_good() {
    // As the version before made it, of two requests.
    let mac = token_key(1).mac(&[
        b"share",
        b"a.b",
        secret("new").reveal().as_bytes(),
        &86_400_000_i64.to_be_bytes(),
        b"a",
        b"b",
    ]);
    let old = SignedToken { key: KeyId::new("a.b").unwrap(), expires: 86_400_000.into(), mac };
    assert_eq!(issued(Grant::Share(&ids(&["a", "b"]))), old);
}

#[test]
fn no_token_is_longer_than_the_longest() {
    let id = KeyId::new("a".repeat(KeyId::MAX_BYTES)).unwrap();
    let token =
        SignedToken::issue(&token_key(1), &id, &secret("new"), Timestamp::from(i64::MIN), Grant::Session).to_string();
    assert_eq!((token.len(), SignedToken::parse(&token).is_some()), (SignedToken::MAX_BYTES, true));
}
