//! Holds implementations of the `Nonces` port to its obligations: one test for each MUST of its documentation, in the same
//! words and the same order.

use annotation_statistics_access::{KeyId, Timestamp};
use annotation_statistics_tests::{Implementation, KeyHolder, TestDatabase, held_to, nonce, seconds_from_now};
use futures_util::future::join_all;
use std::time::Instant;

held_to! { "access/src/nonces.rs", KeyHolder: KeyDatabase and InMemoryKeys,
    everywhere:
        obligation_01_the_first_use_of_a_nonce_must_be_told_as_the_first_and_every_later_one_as_not
        obligation_02_of_several_who_use_a_nonce_at_the_same_time_exactly_one_must_be_told_that_it_is_the_first
        obligation_03_the_same_nonce_of_another_key_must_count_as_another_one
        obligation_04_a_nonce_must_be_remembered_until_the_moment_that_was_given_with_it
        obligation_05_what_need_not_be_remembered_any_more_must_go_away
        obligation_06_where_the_nonces_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_nonces_unavailable
        obligation_07_check_ready_must_succeed_exactly_when_nonces_can_be_remembered
    , postgres only:
}

async fn is_first(data: &impl KeyHolder, key: &str, text: &str, until: Timestamp) -> bool {
    data.nonces().is_first_use(&KeyId::new(key).unwrap(), &nonce(text), until).await.unwrap()
}

async fn obligation_01_the_first_use_of_a_nonce_must_be_told_as_the_first_and_every_later_one_as_not(
    data: &impl KeyHolder,
) {
    let until = seconds_from_now(60);
    for (text, first) in [("a", true), ("a", false), ("b", true), ("a", false), ("A", true)] {
        assert_eq!(is_first(data, "key", text, until).await, first, "{text}");
    }
}

async fn obligation_02_of_several_who_use_a_nonce_at_the_same_time_exactly_one_must_be_told_that_it_is_the_first(
    data: &impl KeyHolder,
) {
    let until = seconds_from_now(60);
    let told = join_all((0..20).map(|_| is_first(data, "key", "a", until))).await;
    assert_eq!(told.iter().filter(|is_first| **is_first).count(), 1);
}

async fn obligation_03_the_same_nonce_of_another_key_must_count_as_another_one(data: &impl KeyHolder) {
    let until = seconds_from_now(60);
    assert!(is_first(data, "key", "a", until).await && is_first(data, "other", "a", until).await);
    assert!(!is_first(data, "key", "a", until).await && !is_first(data, "other", "a", until).await);
}

async fn obligation_04_a_nonce_must_be_remembered_until_the_moment_that_was_given_with_it(data: &impl KeyHolder) {
    assert!(is_first(data, "key", "a", seconds_from_now(600)).await);
    for other in 0..200 {
        is_first(data, "key", &other.to_string(), seconds_from_now(-1)).await;
    }
    assert!(!is_first(data, "key", "a", seconds_from_now(600)).await);
}

async fn obligation_05_what_need_not_be_remembered_any_more_must_go_away(data: &impl KeyHolder) {
    let nonces = data.nonces();
    let key = KeyId::new("key").unwrap();
    for number in 0..640 {
        nonces.is_first_use(&key, &nonce(&number.to_string()), seconds_from_now(-1)).await.unwrap();
    }
    assert!(data.remembered() < 128, "{}", data.remembered());
}

async fn obligation_06_where_the_nonces_cannot_be_reached_within_the_implementations_time_limit_it_must_fail_with_nonces_unavailable(
    data: &impl KeyHolder,
) {
    let nonces = data.nonces();
    data.cut_off();
    let start = Instant::now();
    let told = nonces.is_first_use(&KeyId::new("key").unwrap(), &nonce("a"), seconds_from_now(60)).await;
    assert!(told.is_err(), "{told:?}");
    assert!(start.elapsed() < <TestDatabase as Implementation>::TIME_LIMIT, "{:?}", start.elapsed());
    data.reconnect();
}

async fn obligation_07_check_ready_must_succeed_exactly_when_nonces_can_be_remembered(data: &impl KeyHolder) {
    let nonces = data.nonces();
    nonces.check_ready().await.unwrap();
    data.cut_off();
    nonces.check_ready().await.unwrap_err();
    data.reconnect();
    nonces.check_ready().await.unwrap();
}
