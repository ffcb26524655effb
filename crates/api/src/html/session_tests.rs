//! Attempts to get at the page, and past it, without what one needs for that.

use crate::auth::{NOW, OLD_SECRET, SECRET, key};
use crate::test_support::{TestResponse, page, ports, send, settings, state_of};
use crate::{AccessSettings, ApiSettings, ApiState, Ports};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_access::{
    AccessKey, Grant, KeyScopes, KeySecret, MockKeys, MockNonces, PreviousSecret, SignedToken, Timestamp, TokenKey,
};
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignId, MockStatisticsRepository, MockSummaryRepository,
    RequestTotals, Revision, Summary,
};
use std::sync::Arc;

#[path = "session_forms_tests.rs"]
mod forms;
#[path = "session_links_tests.rs"]
mod links;
#[path = "session_statements_tests.rs"]
mod statements;

/// The cookie of the form to sign in, and what is bound to it.
const FORM_COOKIE: &str = "annotation-statistics-form=abc";

fn token_key(seed: u8) -> TokenKey {
    TokenKey::derive(&[seed; 32])
}

fn ids(list: &[&str]) -> AnnotationRequestIds {
    AnnotationRequestIds::new(list.iter().map(|id| AnnotationRequestId::new(*id).unwrap())).unwrap()
}

fn summary(requests: &AnnotationRequestIds) -> Summary {
    let totals = |id: &AnnotationRequestId| RequestTotals {
        id: id.clone(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: None,
        revision: Revision::from(7),
        task_count: 0,
        groups: Vec::new(),
    };
    Summary::new(requests.as_slice().iter().map(totals).collect::<Vec<_>>(), Vec::new()).unwrap()
}

/// A service that knows this key, for which every annotation request exists in its campaigns.
fn service(known: AccessKey) -> ApiState {
    service_with(known, settings())
}

fn service_with(known: AccessKey, settings: ApiSettings) -> ApiState {
    let (mut summaries, mut repository) = (MockSummaryRepository::new(), MockStatisticsRepository::new());
    summaries.expect_find_recent().withf(|_, scope| *scope == key().campaigns).returning(|_, _| Ok(Vec::new()));
    summaries.expect_summarize().withf(|_, _, scope| *scope == key().campaigns).returning(|ids, _, _| Ok(summary(ids)));
    repository.expect_find_page().withf(|_, _, scope| *scope == key().campaigns).returning(|_, _, _| Ok(page(0, 0)));
    repository.expect_find_states().returning(|_, _| Ok(crate::test_support::states_of(&page(0, 0))));
    let ports = Ports { summaries: Arc::new(summaries), repository: Arc::new(repository), ..ports() };
    with_key(known, ports, settings)
}

fn with_key(known: AccessKey, ports: Ports, settings: ApiSettings) -> ApiState {
    let (mut keys, known) = (MockKeys::new(), Arc::new(known));
    keys.expect_find().returning(move |id| Ok((*id == known.id).then(|| Arc::clone(&known))));
    keys.expect_token_key().returning(|| Ok(Arc::new(token_key(1))));
    keys.expect_note_use().return_const(());
    state_of(ports, settings).with_access_keys(Arc::new(keys), Arc::new(MockNonces::new()), AccessSettings::default())
}

fn secret(text: &str) -> KeySecret {
    KeySecret::new(text).unwrap()
}

/// A session of the key with this secret.
fn session(secret_text: &str, seed: u8, expires: i64) -> String {
    let token =
        SignedToken::issue(&token_key(seed), &key().id, &secret(secret_text), Timestamp::from(expires), Grant::Session);
    format!("annotation-statistics={token}")
}

fn good_session() -> String {
    session(SECRET, 1, NOW + 1)
}

fn link(list: &[&str], expires: i64) -> String {
    let ids = ids(list);
    let grant = Grant::Share(&ids);
    let token = SignedToken::issue(&token_key(1), &key().id, &secret(SECRET), Timestamp::from(expires), grant);
    format!("share={token}")
}

async fn read(state: ApiState, url: &str, cookie: &str) -> TestResponse {
    send(state, TestRequest::get().uri(url).insert_header(("Cookie", cookie))).await
}

/// A form as the browser sends it that was given the page.
fn post(path: &str, cookie: &str, fields: &[(&str, &str)]) -> TestRequest {
    let encode = |text: &str| crate::http::encoded(text).to_string();
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    TestRequest::post()
        .uri(path)
        .insert_header(("Content-Type", "application/x-www-form-urlencoded"))
        .insert_header(("Sec-Fetch-Site", "same-origin"))
        .insert_header(("Cookie", cookie))
        .set_payload(body.join("&"))
}

fn sign_in(id: &str, secret: &str, target: &str) -> TestRequest {
    let form = token_key(1).form_token("abc");
    post("/sign-in", FORM_COOKIE, &[("form", &form), ("key", id), ("secret", secret), ("target", target)])
}

fn assert_signed_out(response: &TestResponse, reason: &str) {
    assert_eq!(
        (response.status, response.text().contains("<h1 id=\"sign-in-title\">Sign in</h1>")),
        (401, true),
        "{reason}"
    );
    assert!(!response.text().contains("delivery-title"), "{reason}");
}

#[actix_web::test]
async fn until_one_is_signed_in_the_page_is_a_form_that_no_cache_keeps() {
    let response = send(service(key()), TestRequest::get().uri("/?annotationRequestId=a&x=%22%3E")).await;
    assert_signed_out(&response, "nothing is shown");
    let cookie = response.header("set-cookie").unwrap();
    let value = cookie.strip_prefix("annotation-statistics-form=").unwrap().split(';').next().unwrap();
    assert_eq!(cookie, format!("annotation-statistics-form={value}; Path=/; HttpOnly; SameSite=Strict"));
    let form = token_key(1).form_token(value);
    for text in
        [&*format!("name=\"form\" value=\"{form}\""), "name=\"target\" value=\"?annotationRequestId=a&#38;x=%22%3E\""]
    {
        assert!(response.text().contains(text), "{text}: {}", response.text());
    }
    for (name, expected) in [
        ("www-authenticate", "Stardust realm=\"annotation-statistics\""),
        ("cache-control", "no-store"),
        ("referrer-policy", "same-origin"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(response.header(name), Some(expected));
    }
    assert!(response.header("content-security-policy").unwrap().contains("form-action 'self'"));
    let again = read(service(key()), "/", FORM_COOKIE).await;
    assert_eq!((again.status, again.header("set-cookie")), (401, None), "another tab keeps its form");
}

#[actix_web::test]
async fn a_key_and_one_of_its_secrets_open_a_session_that_reads_the_page() {
    for given in [SECRET, OLD_SECRET] {
        let response = send(service(key()), sign_in("ak-7", given, "?annotationRequestId=a")).await;
        assert_eq!((response.status, response.header("location")), (303, Some("./?annotationRequestId=a")), "{given}");
        let cookie = response.header("set-cookie").unwrap();
        let attributes = "; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200";
        let session = cookie.strip_suffix(attributes).unwrap_or_else(|| panic!("{cookie}"));
        assert_eq!(session, self::session(given, 1, NOW + 43_200_000));
        let page = read(service(key()), "/?annotationRequestId=a", session).await;
        assert_eq!(page.status, 200, "{given}");
        assert!(page.text().contains("Signed in with <bdi>ak-7</bdi>"));
    }
}

#[actix_web::test]
async fn no_refusal_says_which_keys_exist() {
    let writer = AccessKey { scopes: KeyScopes::Write, ..key() };
    let expired = AccessKey { expires: Some(Timestamp::from(NOW)), ..key() };
    let ended = AccessKey {
        previous: Some(PreviousSecret { secret: secret(OLD_SECRET), expires: Timestamp::from(NOW) }),
        ..key()
    };
    let mut bodies = Vec::new();
    for (known, id, secret, reason) in [
        (key(), "ak-7", "another-secret-7", "another secret"),
        (key(), "ak-8", SECRET, "no such key"),
        (key(), "ak 7", SECRET, "no id of a key"),
        (key(), "ak-7", "short", "no secret"),
        (key(), "", "", "nothing"),
        (writer, "ak-7", SECRET, "a key that may not read"),
        (expired, "ak-7", SECRET, "an expired key"),
        (ended, "ak-7", OLD_SECRET, "the secret before the rotation"),
    ] {
        let response = send(service(known), sign_in(id, secret, "")).await;
        assert_signed_out(&response, reason);
        assert_eq!(response.header("set-cookie"), None, "{reason}");
        assert!(secret.is_empty() || !response.text().contains(secret), "{reason}");
        bodies.push(response.text().replace(&format!("name=\"key\" value=\"{id}\""), ""));
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
    assert!(bodies[0].contains("These are not the id and the secret of an access key that may read here."));
}

#[actix_web::test]
async fn a_session_that_is_forged_or_has_ended_is_none() {
    let ended = |secret_text: &str| PreviousSecret { secret: secret(secret_text), expires: Timestamp::from(NOW) };
    let rotated = AccessKey { secret: secret("a-newer-secret-00"), previous: Some(ended(SECRET)), ..key() };
    let other = AccessKey { id: annotation_statistics_access::KeyId::new("ak-8").unwrap(), ..key() };
    let writer = AccessKey { scopes: KeyScopes::Write, ..key() };
    let good = good_session();
    assert_eq!(read(service(key()), "/", &good).await.status, 200);
    for (known, cookie, reason) in [
        (key(), session(SECRET, 1, NOW), "expired"),
        (key(), session(SECRET, 2, NOW + 1), "of another master key"),
        (key(), session("another-secret-7", 1, NOW + 1), "of another secret"),
        (key(), good.replace(&(NOW + 1).to_string(), &(NOW + 2).to_string()), "with a later expiry"),
        (other, good.replace("ak-7", "ak-8"), "of another key"),
        (rotated, good.clone(), "of a secret that was rotated away"),
        (AccessKey { expires: Some(Timestamp::from(NOW)), ..key() }, good.clone(), "of an expired key"),
        (writer, good.clone(), "of a key that may not read any more"),
        (
            AccessKey { id: annotation_statistics_access::KeyId::new("ak-9").unwrap(), ..key() },
            good.clone(),
            "of a revoked key",
        ),
        (key(), format!("{good}; {good}"), "twice"),
        (key(), good.replace("annotation-statistics=", "__Host-annotation-statistics="), "as if it were encrypted"),
        (key(), format!("annotation-statistics={}", link(&["a"], NOW + 1).replace("share=", "")), "a share link"),
        (key(), format!("annotation-statistics={}", token_key(1).form_token("abc")), "the token of a form"),
    ] {
        let response = read(service(known.clone()), "/?annotationRequestId=a", &cookie).await;
        assert_signed_out(&response, reason);
        let api = read(service(known), "/rosetta-open/statistics/summary?annotationRequestId=a", &cookie).await;
        assert_eq!((api.status, api.text().contains("\"code\":402")), (401, true), "{reason}");
    }
}

#[actix_web::test]
async fn a_session_reads_and_never_writes() {
    let read_write = || service(AccessKey { scopes: KeyScopes::ReadAndWrite, ..key() });
    for url in ["statistics", "statistics/summary"] {
        let response = read(read_write(), &format!("/rosetta-open/{url}?annotationRequestId=a"), &good_session()).await;
        assert_eq!(response.status, 200, "{url}");
    }
    for (method, url) in [
        (Method::PUT, "annotation-requests/a"),
        (Method::DELETE, "annotation-requests/a"),
        (Method::PUT, "annotation-requests/a/statistics"),
        (Method::DELETE, "annotation-requests/a/statistics/7"),
        (Method::POST, "statistics/query"),
        (Method::PATCH, "statistics"),
    ] {
        let request = TestRequest::default().method(method.clone()).uri(&format!("/rosetta-open/{url}"));
        let response = send(read_write(), request.insert_header(("Cookie", good_session()))).await;
        let advice = "Stardust realm=\"annotation-statistics\", error=\"X-STARDUST-KEY is missing\"";
        assert_eq!((response.status, response.header("www-authenticate")), (401, Some(advice)), "{method} {url}");
    }
    let signed_badly = TestRequest::get().uri("/rosetta-open/statistics?annotationRequestId=a");
    let signed_badly = signed_badly.insert_header(("Cookie", good_session())).insert_header(("X-SIGN", "v2=0"));
    assert_eq!(send(read_write(), signed_badly).await.status, 401, "what is signed counts as signed");
}
