//! Holds implementations of the `Keys` port to its obligations: one test for each MUST of its documentation, in the same
//! words and the same order.

use annotation_statistics_access::{AccessKey, KeyId, KeyScopes, Keys};
use annotation_statistics_domain::{CampaignId, CampaignScope, IdPrefix};
use annotation_statistics_tests::{KeyHolder, access_key, held_to, key_secret, seconds_from_now, wait_until};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

held_to! { "keys", KeyHolder: KeyDatabase and InMemoryKeys,
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07
        obligation_08
    , postgres only:
}

fn id(text: &str) -> KeyId {
    KeyId::new(text).unwrap()
}

fn found(keys: &Arc<dyn Keys>, name: &str) -> Option<AccessKey> {
    keys.find(&id(name)).unwrap().map(|key| AccessKey::clone(&key))
}

/// How long it takes until something is so.
fn time_until(what: &str, is_so: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    wait_until(what, is_so);
    start.elapsed()
}

const SECOND: Duration = Duration::from_secs(1);

/// A key that was added MUST be found within a second, with all that it allows.
async fn obligation_01(data: &impl KeyHolder) {
    let keys = data.keys();
    let only = CampaignScope::Only(BTreeSet::from(["1001", "1,\"é"].map(|id| CampaignId::new(id).unwrap())));
    let id_prefix = Some(IdPrefix::new("é/").unwrap());
    let expires = Some(seconds_from_now(3_600));
    for key in [
        access_key("a"),
        AccessKey { scopes: KeyScopes::Write, accepts_v1: false, expires, ..access_key("b") },
        AccessKey { scopes: KeyScopes::ReadAndWrite, campaigns: only, id_prefix, ..access_key("c") },
    ] {
        data.add(key.clone());
        let took = time_until("the key is found", || found(&keys, key.id.as_str()).is_some());
        assert!(took < SECOND, "{took:?}");
        assert_eq!(found(&keys, key.id.as_str()), Some(key));
    }
}

/// A key that was revoked MUST NOT be found any more after a second.
async fn obligation_02(data: &impl KeyHolder) {
    data.add(access_key("a"));
    let keys = data.keys();
    assert!(found(&keys, "a").is_some());
    data.revoke(&id("a"));
    let took = time_until("the key is gone", || found(&keys, "a").is_none());
    assert!(took < SECOND, "{took:?}");
    assert_eq!(found(&data.keys(), "a"), None, "nor by anybody new");
}

/// A key that was rotated MUST be found with its new secret within a second, and with the one before until that
/// expires.
async fn obligation_03(data: &impl KeyHolder) {
    data.add(access_key("a"));
    let keys = data.keys();
    for (old, new) in [("a", "b"), ("b", "c")] {
        let until = seconds_from_now(60);
        data.rotate(&id("a"), &key_secret(new), until);
        let took = time_until("the key is rotated", || found(&keys, "a").unwrap().secret == key_secret(new));
        assert!(took < SECOND, "{took:?}");
        let previous = found(&keys, "a").unwrap().previous.unwrap();
        assert_eq!((previous.secret, previous.expires), (key_secret(old), until));
    }
}

/// A key that was never added MUST NOT be found.
async fn obligation_04(data: &impl KeyHolder) {
    data.add(access_key("a"));
    let keys = data.keys();
    assert_eq!((found(&keys, "A"), found(&keys, "aa"), found(&keys, "b")), (None, None, None));
}

/// Where the keys cannot be reached it MUST go on with those that it knows, and fail once they are older than its
/// limit.
async fn obligation_05(data: &impl KeyHolder) {
    data.add(access_key("a"));
    let keys = data.keys();
    data.cut_off();
    assert!(keys.find(&id("a")).unwrap().is_some());
    wait_until("the keys are too old", || keys.find(&id("a")).is_err());
    data.reconnect();
}

/// Back in reach it MUST find again.
async fn obligation_06(data: &impl KeyHolder) {
    data.add(access_key("a"));
    let keys = data.keys();
    data.cut_off();
    wait_until("the keys are too old", || keys.find(&id("a")).is_err());
    data.reconnect();
    wait_until("the keys are back", || keys.find(&id("a")).is_ok());
    data.revoke(&id("a"));
    wait_until("and are kept fresh", || found(&keys, "a").is_none());
}

/// A use that is noted MUST be reported to the administrators of the keys.
async fn obligation_07(data: &impl KeyHolder) {
    data.add(access_key("a"));
    let keys = data.keys();
    assert_eq!(data.last_use(&id("a")), None);
    let now = seconds_from_now(0);
    keys.note_use(&id("a"), now);
    wait_until("the use is told", || data.last_use(&id("a")) == Some(now));
}

/// The token key MUST be the same for all that find these keys, whatever keys are added, rotated or revoked.
async fn obligation_08(data: &impl KeyHolder) {
    let token = |keys: &Arc<dyn Keys>| keys.token_key().unwrap().form_token("a cookie");
    data.add(access_key("a"));
    let keys = data.keys();
    let first = token(&keys);
    data.add(access_key("b"));
    data.rotate(&id("a"), &key_secret("new"), seconds_from_now(60));
    data.revoke(&id("b"));
    wait_until("the changes are known", || found(&keys, "a").is_some_and(|key| key.secret == key_secret("new")));
    assert_eq!([token(&keys), token(&data.keys())], [first.clone(), first]);
}
