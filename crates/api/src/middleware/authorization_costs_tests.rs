//! What an unauthenticated request may cost, and what an authenticated one costs.

use super::*;
use crate::http::BodyMemory;

/// Without memory for bodies: a request whose body is read gets 503.
fn tight(state: ApiState) -> ApiState {
    ApiState { body_memory: BodyMemory::new(1, 1, 0), ..state }
}

#[actix_web::test]
async fn no_body_is_read_for_a_key_that_is_not_there() {
    let unknown = v2_read().insert_header(("X-STARDUST-KEY", "ak-8")).set_payload("{}");
    assert_refused(&send(tight(of(|key| key, 0)), unknown).await, 401, 402, "Authentication Failed", None);
    assert_eq!(send(tight(of(|key| key, 0)), v2_read().set_payload("{}")).await.status, 503, "that of another one is");
}

#[actix_web::test]
async fn a_body_with_an_announced_hash_is_read_only_when_all_else_is_valid() {
    let reported = || v2_read().insert_header(("X-CONTENT-SHA256", EMPTY));
    let writer = |key: AccessKey| AccessKey { scopes: KeyScopes::Write, ..key };
    let response = send(tight(of(writer, 0)), reported().set_payload("{}")).await;
    assert_refused(&response, 401, 402, "Authentication Failed", Some("this key may not read"));
    let other = reported().insert_header(("X-SIGN", "v2=0")).set_payload("{}");
    assert_refused(&send(tight(of(|key| key, 0)), other).await, 401, 401, "Wrong Signature", None);
    let one = AccessSettings { requests_per_key: NonZeroU32::new(1), ..AccessSettings::default() };
    let state = tight(guarded(knowing(key(), 1), uncalled_nonces(), one));
    assert_admitted(&send(state.clone(), reported()).await);
    assert_eq!(send(state, reported().set_payload("{}")).await.status, 429);

    assert_eq!(send(tight(of(|key| key, 0)), reported().set_payload("{}")).await.status, 503);
    let other = send(of(|key| key, 0), reported().set_payload("{}")).await;
    assert_refused(&other, 401, 401, "Wrong Signature", None);
}

#[actix_web::test]
async fn many_requested_ids_count_as_several_requests() {
    let three = AccessSettings { requests_per_key: NonZeroU32::new(3), ..AccessSettings::default() };
    let ids: Vec<String> = (0..100).map(|id| id.to_string()).collect();
    let url = format!("/rosetta-open/statistics?annotationRequestId={}", ids.join("&annotationRequestId="));
    let body = format!(r#"{{"annotationRequestIds":["{}"]}}"#, ids.join(r#"",""#));
    let in_a_url = || v1(NOW, "ak-7", SECRET).uri(&url);
    let in_a_body = || {
        let request = v1(NOW, "ak-7", SECRET).method(Method::POST).uri("/rosetta-open/statistics/query");
        request.insert_header(("Content-Type", "application/json")).set_payload(body.clone())
    };
    let requests: [&dyn Fn() -> TestRequest; 2] = [&in_a_url, &in_a_body];
    for request in requests {
        let state = guarded(knowing(key(), 2), uncalled_nonces(), three);
        assert_admitted(&send(state.clone(), request()).await);
        assert_eq!(send(state, request()).await.status, 429, "two requests and twice a hundred ids are four");
    }
}
