use crate::auth::{EMPTY, NONCE, NOW, OLD_SECRET, SECRET, Signed, key, v2};
use crate::test_support::{REQUEST_ID, TestResponse, page, refusal, registering, send, state, states_of, success};
use crate::{ACCESS_OUTCOMES, AccessSettings, ApiState, Observer};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_access::{
    AccessKey, KeyScopes, Keys, KeysUnavailable, MockKeys, MockNonces, NoncesUnavailable, PreviousSecret, Timestamp,
};
use annotation_statistics_domain::{DeletedRequest, MockAnnotationRequestRegistry, MockStatisticsRepository, Revision};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

#[path = "authorization_costs_tests.rs"]
mod costs;

const URL: &str = "/rosetta-open/statistics?annotationRequestId=a";
/// Knows one key, and counts how often it was used.
fn knowing(key: AccessKey, uses: usize) -> MockKeys {
    let mut keys = MockKeys::new();
    let known = Arc::new(key);
    keys.expect_find().returning(move |id| Ok((*id == known.id).then(|| Arc::clone(&known))));
    keys.expect_note_use().times(uses).returning(|_, now| assert_eq!(now, Timestamp::from(NOW)));
    keys
}

fn uncalled_nonces() -> MockNonces {
    MockNonces::new()
}

fn nonces(is_first: bool) -> MockNonces {
    let mut nonces = MockNonces::new();
    let until = Timestamp::from(NOW + 600_000);
    nonces
        .expect_is_first_use()
        .withf(move |key, nonce, given| key.as_str() == "ak-7" && nonce.as_str() == NONCE && *given == until)
        .times(1)
        .returning(move |_, _, _| Ok(is_first));
    nonces
}

/// A service behind keys that responds to every read of the campaigns of the key.
fn guarded(keys: impl Keys + 'static, nonces: MockNonces, settings: AccessSettings) -> ApiState {
    let mut repository = MockStatisticsRepository::new();
    repository.expect_find_page().withf(|_, _, scope| *scope == key().campaigns).returning(|_, _, _| Ok(page(7, 0)));
    let states = repository.expect_find_states().withf(|_, scope| *scope == key().campaigns);
    states.returning(|_, _| Ok(states_of(&page(7, 0))));
    repository.expect_check_ready().returning(|| Ok(()));
    state(repository).with_access_keys(Arc::new(keys), Arc::new(nonces), settings)
}

/// A service behind keys whose key may write, and which deletes each request.
fn changing(uses: usize, nonces: MockNonces) -> ApiState {
    let mut registry = MockAnnotationRequestRegistry::new();
    let gone = DeletedRequest { tasks: 3, revision: Revision::from(7) };
    registry.expect_delete().returning(move |_, _, _| Ok(gone));
    let keys = knowing(AccessKey { scopes: KeyScopes::ReadAndWrite, ..key() }, uses);
    registering(registry).with_access_keys(Arc::new(keys), Arc::new(nonces), AccessSettings::default())
}

fn of(state: fn(AccessKey) -> AccessKey, uses: usize) -> ApiState {
    guarded(knowing(state(key()), uses), uncalled_nonces(), AccessSettings::default())
}

fn v1(ts: i64, id: &str, secret: &str) -> TestRequest {
    let ts = ts.to_string();
    let sign = Signed::V1 { ts: &ts, key: id }.signature(secret);
    TestRequest::get()
        .uri(URL)
        .insert_header(("X-STARDUST-KEY", id))
        .insert_header(("X-TS", ts))
        .insert_header(("X-SIGN", sign))
}

fn v2_read() -> TestRequest {
    v2(&Method::GET, "/rosetta-open/statistics", "annotationRequestId=a", EMPTY)
}

fn v2_change() -> TestRequest {
    v2(&Method::DELETE, "/rosetta-open/annotation-requests/a", "", EMPTY)
}

fn assert_refused(response: &TestResponse, status: u16, code: u32, message: &str, advice: Option<&str>) {
    assert_eq!((response.status, response.text()), (status, refusal(code, message).as_str()));
    let challenge = "Stardust realm=\"annotation-statistics\"";
    let expected = (status == 401)
        .then(|| advice.map_or_else(|| challenge.to_owned(), |advice| format!("{challenge}, error=\"{advice}\"")));
    assert_eq!(response.header("www-authenticate"), expected.as_deref());
    assert_eq!(response.header("x-request-id"), Some(REQUEST_ID));
}

fn assert_admitted(response: &TestResponse) {
    assert_eq!((response.status, response.text().contains(r#""count":7"#)), (200, true), "{}", response.text());
}

#[actix_web::test]
async fn a_signature_by_the_secret_or_the_one_before_is_admitted() {
    for secret in [SECRET, OLD_SECRET] {
        assert_admitted(&send(of(|key| key, 1), v1(NOW, "ak-7", secret)).await);
    }
    let ended = |key: AccessKey| AccessKey {
        previous: key.previous.map(|previous| PreviousSecret { expires: Timestamp::from(NOW), ..previous }),
        ..key
    };
    let response = send(of(ended, 0), v1(NOW, "ak-7", OLD_SECRET)).await;
    assert_refused(&response, 401, 401, "Wrong Signature", None);
}

#[actix_web::test]
async fn a_signature_of_another_time_key_or_secret_is_invalid_and_an_unknown_key_is_none() {
    for (request, reason) in [
        (v1(NOW, "ak-7", "another-secret-7"), "another secret"),
        (v1(NOW, "ak-7", SECRET).insert_header(("X-TS", (NOW + 1).to_string())), "another time"),
        (v1(NOW, "ak-8", SECRET).insert_header(("X-STARDUST-KEY", "ak-7")), "another key"),
        (v1(NOW, "ak-7", SECRET).insert_header(("X-SIGN", "0")), "no digest at all"),
    ] {
        let response = send(of(|key| key, 0), request).await;
        assert_eq!(response.text(), refusal(401, "Wrong Signature"), "{reason}");
        assert_refused(&response, 401, 401, "Wrong Signature", None);
    }
    let unknown = send(of(|key| key, 0), v1(NOW, "ak-8", SECRET)).await;
    assert_refused(&unknown, 401, 402, "Authentication Failed", None);
    let expired = |key: AccessKey| AccessKey { expires: Some(Timestamp::from(NOW)), ..key };
    let response = send(of(expired, 0), v1(NOW, "ak-7", SECRET)).await;
    assert_refused(&response, 401, 402, "Authentication Failed", None);
}

#[actix_web::test]
async fn headers_that_cannot_be_read_are_refused_with_the_reason() {
    let response = send(of(|key| key, 0), TestRequest::get().uri(URL)).await;
    assert_refused(&response, 401, 402, "Authentication Failed", Some("X-STARDUST-KEY is missing"));
    let twice = v1(NOW, "ak-7", SECRET).append_header(("X-SIGN", "0"));
    let response = send(of(|key| key, 0), twice).await;
    assert_refused(&response, 401, 402, "Authentication Failed", Some("X-SIGN is there twice"));
}

#[actix_web::test]
async fn a_time_outside_the_window_is_refused_with_the_skew() {
    for (skew, reported) in [(300_001, "300001 ms ahead of"), (-300_001, "300001 ms behind")] {
        let response = send(of(|key| key, 0), v1(NOW + skew, "ak-7", SECRET)).await;
        let message =
            format!("Signature Expired: X-TS is {reported} the server's clock, at most 300000 ms are allowed");
        assert_refused(&response, 403, 403, &message, None);
    }
    for skew in [300_000, -300_000] {
        assert_admitted(&send(of(|key| key, 1), v1(NOW + skew, "ak-7", SECRET)).await);
    }
}

#[actix_web::test]
async fn scheme_v1_is_for_reads_where_the_key_and_the_settings_say_so() {
    let not_for_writes = "scheme v1 is for reads only: sign by v2";
    let write = v1(NOW, "ak-7", SECRET).method(Method::PUT);
    let response = send(of(|key| AccessKey { scopes: KeyScopes::ReadAndWrite, ..key }, 0), write).await;
    assert_refused(&response, 401, 402, "Authentication Failed", Some(not_for_writes));

    let response = send(of(|key| AccessKey { accepts_v1: false, ..key }, 0), v1(NOW, "ak-7", SECRET)).await;
    let reported = "this key does not accept scheme v1: sign by v2";
    assert_refused(&response, 401, 402, "Authentication Failed", Some(reported));

    let off = AccessSettings { accepts_v1: false, ..AccessSettings::default() };
    let response = send(guarded(knowing(key(), 0), uncalled_nonces(), off), v1(NOW, "ak-7", SECRET)).await;
    let reported = "scheme v1 is turned off here: sign by v2";
    assert_refused(&response, 401, 402, "Authentication Failed", Some(reported));
}

#[actix_web::test]
async fn what_a_key_may_not_do_is_reported_to_its_owner_only() {
    let writer = |key: AccessKey| AccessKey { scopes: KeyScopes::Write, ..key };
    let response = send(of(writer, 0), v1(NOW, "ak-7", SECRET)).await;
    assert_refused(&response, 401, 402, "Authentication Failed", Some("this key may not read"));
    let response = send(of(writer, 0), v1(NOW, "ak-7", "another-secret-7")).await;
    assert_refused(&response, 401, 401, "Wrong Signature", None);

    let write = v2(&Method::DELETE, "/rosetta-open/statistics", "annotationRequestId=a", EMPTY);
    let response = send(of(|key| key, 0), write).await;
    assert_refused(&response, 401, 402, "Authentication Failed", Some("this key may not write"));
}

#[actix_web::test]
async fn a_change_signed_by_scheme_v2_is_done_once() {
    let first = send(changing(1, nonces(true)), v2_change()).await;
    assert_eq!((first.status, first.text()), (200, success(r#"{"deletedTasks":3}"#).as_str()));
    let again = send(changing(0, nonces(false)), v2_change()).await;
    assert_refused(&again, 401, 401, "Wrong Signature", Some("the nonce was used before"));
}

#[actix_web::test]
async fn a_read_signed_by_scheme_v2_claims_no_nonce() {
    let state = guarded(knowing(key(), 2), uncalled_nonces(), AccessSettings::default());
    for _ in ["first", "again"] {
        assert_admitted(&send(state.clone(), v2_read()).await);
    }
}

#[actix_web::test]
async fn scheme_v2_signs_the_whole_request() {
    let hash = crate::auth::body_hash(b"{}");
    let with_body = v2(&Method::GET, "/rosetta-open/statistics", "annotationRequestId=a", &hash);
    assert_admitted(
        &send(guarded(knowing(key(), 1), uncalled_nonces(), AccessSettings::default()), with_body.set_payload("{}"))
            .await,
    );
    for (request, reason) in [
        (v2_read().uri("/rosetta-open/statistics?annotationRequestId=b"), "another query"),
        (v2_read().method(Method::HEAD), "another method"),
        (v2_read().set_payload("{}"), "another body"),
        (v2_read().insert_header(("X-TS", (NOW - 1).to_string())), "another time"),
        (v2_read().insert_header(("X-NONCE", "n-another-nonce-00")), "another nonce"),
    ] {
        let response = send(of(|key| key, 0), request).await;
        assert_eq!(response.text(), refusal(401, "Wrong Signature"), "{reason}");
    }
    let state = of(|key| key, 0);
    let body = "a".repeat(state.settings.max_body + 1);
    let too_large = send(state, v2_read().set_payload(body)).await;
    assert_eq!((too_large.status, too_large.text()), (413, refusal(413, "Payload Too Large").as_str()));
}

#[actix_web::test]
async fn a_client_that_cannot_be_authenticated_now_is_advised_to_retry() {
    let mut keys = MockKeys::new();
    keys.expect_find().returning(|_| Err(KeysUnavailable("last read an hour ago".into())));
    let hiccup = refusal(5000, "Service hiccuped, please try again later.");
    let response = send(guarded(keys, uncalled_nonces(), AccessSettings::default()), v1(NOW, "ak-7", SECRET)).await;
    assert_eq!((response.status, response.text(), response.header("retry-after")), (503, hiccup.as_str(), Some("1")));

    let mut keys = MockKeys::new();
    keys.expect_find().returning(|_| Err(KeysUnavailable("last read an hour ago".into())));
    let ready = TestRequest::get().uri("/health/ready");
    let response = send(guarded(keys, uncalled_nonces(), AccessSettings::default()), ready).await;
    assert_eq!((response.status, response.header("retry-after")), (503, Some("1")), "nor is the service ready");

    let mut nonces = MockNonces::new();
    nonces.expect_is_first_use().returning(|_, _, _| Err(NoncesUnavailable("no route to host db-7".into())));
    let response = send(changing(0, nonces), v2_change()).await;
    assert_eq!((response.status, response.text(), response.header("retry-after")), (503, hiccup.as_str(), Some("1")));
}

#[actix_web::test]
async fn too_many_requests_of_a_key_or_an_address_get_a_time_to_retry() {
    let one = NonZeroU32::new(1);
    for settings in [
        AccessSettings { requests_per_key: one, ..AccessSettings::default() },
        AccessSettings { requests_per_address: one, ..AccessSettings::default() },
    ] {
        let state = guarded(knowing(key(), 1), uncalled_nonces(), settings);
        let request = || v1(NOW, "ak-7", SECRET).peer_addr("192.0.2.1:7".parse().unwrap());
        assert_admitted(&send(state.clone(), request()).await);
        let response = send(state, request()).await;
        assert_eq!((response.status, response.text()), (429, refusal(429, "Too Many Requests").as_str()));
        assert_eq!(response.header("retry-after"), Some("1"));
    }
}

/// Records the outcomes of access checks.
#[derive(Default)]
struct Outcomes(Mutex<Vec<&'static str>>);

impl Observer for Outcomes {
    fn access_checked(&self, outcome: &'static str) {
        assert!(ACCESS_OUTCOMES.contains(&outcome), "{outcome}");
        self.0.lock().unwrap().push(outcome);
    }

    fn admitted_by_v1(&self) {
        self.0.lock().unwrap().push("v1");
    }
}

#[actix_web::test]
async fn the_outcome_of_each_access_check_is_reported() {
    for (state, request, reported) in [
        (of(|key| key, 1), v1(NOW, "ak-7", SECRET), &["v1", "let_in"][..]),
        (of(|key| key, 1), v2_read(), &["let_in"]),
        (changing(1, nonces(true)), v2_change(), &["let_in"]),
        (changing(0, nonces(false)), v2_change(), &["replayed"]),
        (of(|key| key, 0), v1(NOW, "ak-8", SECRET), &["no_key"]),
        (of(|key| key, 0), v1(NOW, "ak-7", "another-secret-00"), &["wrong_signature"]),
        (of(|key| key, 0), v1(NOW + 300_001, "ak-7", SECRET), &["outside_window"]),
        (of(|key| key, 0), TestRequest::get().uri(URL), &["malformed"]),
        (of(|key| AccessKey { accepts_v1: false, ..key }, 0), v1(NOW, "ak-7", SECRET), &["not_allowed"]),
    ] {
        let outcomes = Arc::new(Outcomes::default());
        send(state.with_observer(outcomes.clone()), request).await;
        assert_eq!(outcomes.0.lock().unwrap().as_slice(), reported);
    }
}
