//! Holds implementations of the `Nonces` port to its obligations: one test for each MUST of its documentation, in the same
//! words and the same order.

use annotation_statistics_access::{KeyId, Timestamp};
use annotation_statistics_tests::{Implementation, KeyHolder, TestDatabase, held_to, nonce, seconds_from_now};
use futures_util::future::join_all;
use std::time::Instant;

held_to! { "nonces", KeyHolder: KeyDatabase and InMemoryKeys,
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07
    , postgres only:
}

async fn is_first(data: &impl KeyHolder, key: &str, text: &str, until: Timestamp) -> bool {
    data.nonces().is_first_use(&KeyId::new(key).unwrap(), &nonce(text), until).await.unwrap()
}

/// The first use of a nonce MUST be reported as the first, and every later one as not.
async fn obligation_01(data: &impl KeyHolder) {
    let until = seconds_from_now(60);
    for (text, first) in [("a", true), ("a", false), ("b", true), ("a", false), ("A", true)] {
        assert_eq!(is_first(data, "key", text, until).await, first, "{text}");
    }
}

/// Of several who use a nonce at the same time exactly one MUST be reported as the first.
async fn obligation_02(data: &impl KeyHolder) {
    let until = seconds_from_now(60);
    let reported = join_all((0..20).map(|_| is_first(data, "key", "a", until))).await;
    assert_eq!(reported.iter().filter(|is_first| **is_first).count(), 1);
}

/// The same nonce of another key MUST count as another one.
async fn obligation_03(data: &impl KeyHolder) {
    let until = seconds_from_now(60);
    assert!(is_first(data, "key", "a", until).await && is_first(data, "other", "a", until).await);
    assert!(!is_first(data, "key", "a", until).await && !is_first(data, "other", "a", until).await);
}

/// A nonce MUST be remembered until the time that was given with it.
async fn obligation_04(data: &impl KeyHolder) {
    assert!(is_first(data, "key", "a", seconds_from_now(600)).await);
    for other in 0..200 {
        is_first(data, "key", &other.to_string(), seconds_from_now(-1)).await;
    }
    assert!(!is_first(data, "key", "a", seconds_from_now(600)).await);
}

/// What need not be remembered any more MUST go away.
async fn obligation_05(data: &impl KeyHolder) {
    let nonces = data.nonces();
    let key = KeyId::new("key").unwrap();
    for number in 0..640 {
        nonces.is_first_use(&key, &nonce(&number.to_string()), seconds_from_now(-1)).await.unwrap();
    }
    assert!(data.remembered() < 128, "{}", data.remembered());
}

/// Where the nonces cannot be reached within the implementation's time limit it MUST fail with `NoncesUnavailable`.
async fn obligation_06(data: &impl KeyHolder) {
    let nonces = data.nonces();
    data.cut_off();
    let start = Instant::now();
    let reported = nonces.is_first_use(&KeyId::new("key").unwrap(), &nonce("a"), seconds_from_now(60)).await;
    assert!(reported.is_err(), "{reported:?}");
    assert!(start.elapsed() < <TestDatabase as Implementation>::TIME_LIMIT, "{:?}", start.elapsed());
    data.reconnect();
}

/// `check_ready` MUST succeed exactly when nonces can be remembered.
async fn obligation_07(data: &impl KeyHolder) {
    let nonces = data.nonces();
    nonces.check_ready().await.unwrap();
    data.cut_off();
    nonces.check_ready().await.unwrap_err();
    data.reconnect();
    nonces.check_ready().await.unwrap();
}
