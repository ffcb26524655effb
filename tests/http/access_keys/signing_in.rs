//! People in a browser, where access keys are needed. Where there is no browser, the tests of one say so and test nothing.

mod followed_links;
mod sheet_page;
mod statement_page;

use super::{service_on, tenant};
use annotation_statistics_access::{AccessKey, KeyId};
use annotation_statistics_tests::{
    Browser, CONTRAST, Envelope, KeyDatabase, KeyHolder, Look, RawResponse, RunningService, record, task, wait_until,
};
use serde_json::json;
use std::time::{Duration, Instant};

const PAGE: &str = "/?annotationRequestId=a";
const SUMS: &str = "/statistics/summary?annotationRequestId=a";

/// A service with a request `a` of 14 tasks in the campaign of a key, and a request `b` of another.
async fn served(settings: &str) -> (KeyDatabase, RunningService, AccessKey) {
    let data = KeyDatabase::empty();
    let tasks = (0..14).map(|at| task("a", at)).chain([task("b", 1).campaign("1002")]);
    record(&data.database, tasks).await;
    let key = tenant("ak-1", "1001");
    data.add(key.clone());
    let service = service_on(&data, settings);
    (data, service, key)
}

/// Signs in as a browser does, and returns the header with the cookie of the session.
fn sign_in(service: &RunningService, key: &AccessKey) -> String {
    let form = service.fetch("GET", PAGE, "");
    assert_eq!(form.status, 401);
    let response = send_form(service, &form, &format!("key={}&secret={}&target=%3Fx", key.id, key.secret.reveal()));
    assert_eq!((response.status, response.header("location")), (303, Some("./?x")), "{}", response.text());
    cookie(&response)
}

/// Sends the form of a page with these fields.
fn send_form(service: &RunningService, page: &RawResponse, fields: &str) -> RawResponse {
    let (_, token) = page.text().split_once("name=\"form\" value=\"").unwrap();
    let token = token.split('"').next().unwrap();
    let about = "Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://localhost\r\n";
    let headers = format!("{about}{}", cookie(page));
    service.connect().fetch_with("POST", "/sign-in", &headers, &format!("form={token}&{fields}"))
}

fn cookie(response: &RawResponse) -> String {
    let set = response.header("set-cookie").unwrap();
    format!("Cookie: {}\r\n", set.split(';').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_known_to_every_server_and_ends_with_its_key_within_a_second() {
    let (data, service, key) = served("").await;
    let other = service_on(&data, "");
    let session = sign_in(&service, &key);
    for server in [&service, &other] {
        assert_eq!(server.fetch("GET", PAGE, &session).status, 200);
        assert_eq!(Envelope::of(&server.fetch("GET", SUMS, &session)).data["taskNum"], 14);
        let foreign = server.fetch("GET", "/statistics/summary?annotationRequestId=b", &session);
        assert_eq!(Envelope::of(&foreign).code, 53003, "a request of another campaign");
        let change = server.fetch("DELETE", "/annotation-requests/a", &session);
        assert_eq!(Envelope::of(&change).verdict(), (401, 402, "Authentication Failed"), "the key itself may");
    }
    data.revoke(&KeyId::new("ak-1").unwrap());
    let start = Instant::now();
    let has_ended = |server: &RunningService| server.fetch("GET", PAGE, &session).status == 401;
    wait_until("the session has ended", || has_ended(&service) && has_ended(&other));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(Envelope::of(&service.fetch("GET", SUMS, &session)).verdict(), (401, 402, "Authentication Failed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_limited_in_attempts_and_a_refusal_is_the_same_for_an_unknown_key() {
    let (_data, service, _key) = served("auth.sign_ins_per_key = 2\nauth.sign_ins_per_address = 5").await;
    let attempt = |key: &str| {
        let form = service.fetch("GET", "/", "");
        let refused = send_form(&service, &form, &format!("key={key}&secret=0123456789abcdef"));
        // What differs between any two requests.
        let text = refused.text().lines().filter(|line| !line.contains("name=\"form\"") && !line.contains("<footer"));
        (refused.status, text.collect::<String>().replace(key, "KEY"))
    };
    let [known, unknown] = ["ak-1", "ak-2"].map(attempt);
    assert_eq!((known.0, &known), (401, &unknown));
    assert_eq!([attempt("ak-1").0, attempt("ak-1").0], [401, 429], "the third of a key");
    assert_eq!([attempt("ak-3").0, attempt("ak-4").0], [401, 429], "the sixth of an address");
    let metrics = service.metrics();
    let counted = |outcome| metrics.value(&format!(r#"annotation_statistics_access_total{{outcome="{outcome}"}}"#));
    assert!((counted("too_many") - 2.0).abs() < 0.5, "{}", counted("too_many"));
}

fn url(service: &RunningService, target: &str) -> String {
    format!("http://{}{target}", service.address())
}

async fn assert_readable(browser: &Browser, what: &str) {
    let script = "return [document.documentElement, ...document.querySelectorAll('main > section')]
        .filter(part => part.scrollWidth > part.clientWidth).map(part => part.innerText)";
    assert_eq!(browser.evaluate(script).await, json!([]), "{what}");
    assert_eq!(browser.evaluate(CONTRAST).await, json!([]), "{what}");
}

/// Fills the form in by the keyboard, and sends it.
async fn fill_in(browser: &Browser, key: &AccessKey) {
    browser.find("#key").await.send_keys(key.id.as_str()).await.unwrap();
    browser.find("#secret").await.send_keys(key.secret.reveal()).await.unwrap();
    browser.find(".sign-in button").await.click().await.unwrap();
}

/// Loads a page until it is the form to sign in.
async fn wait_until_signed_out(browser: &Browser, page: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while browser.texts("h1").await != ["Sign in"] {
        assert!(Instant::now() < deadline, "the session does not end");
        browser.visit(page).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_sees_the_page_that_was_asked_for_downloads_and_signs_out() {
    let (_data, service, key) = served("").await;
    let Some(browser) = Browser::open().await else { return };
    let dark_phone = Look { width: 360, is_dark: true };
    for look in [dark_phone, Look { width: 1440, is_dark: false }] {
        browser.look(look).await;
        browser.visit(&url(&service, PAGE)).await;
        browser.find_text("h1", "Sign in").await;
        assert_readable(&browser, &format!("{look:?}")).await;
        browser.find("#key").await.send_keys("ak-1").await.unwrap();
        browser.find("#secret").await.send_keys("not-the-secret-0").await.unwrap();
        browser.find(".sign-in button").await.click().await.unwrap();
        browser.find_text("p", "These are not the id and the secret").await;
        assert_readable(&browser, &format!("refused, {look:?}")).await;
        browser.find("#key").await.clear().await.unwrap();
        fill_in(&browser, &key).await;
        browser.find_text("caption", "Tasks 1 to 10 of 14").await;
        assert_eq!(browser.texts(".visitor").await, ["Signed in with ak-1\nSign out"]);
        assert_readable(&browser, &format!("signed in, {look:?}")).await;
        assert_eq!(browser.evaluate("return document.cookie").await, "", "no script can read it");
        browser.find("a[href$='format=csv']").await.click().await.unwrap();
        let (_, file) = browser.take_download();
        assert_eq!(String::from_utf8(file).unwrap().lines().count(), 15);
        browser.visit(&url(&service, "/docs/")).await;
        for (method, target, status) in
            [("GET", "statistics?annotationRequestId=a", 200), ("DELETE", "annotation-requests/a", 401)]
        {
            let script = format!("return fetch('../{target}', {{ method: '{method}' }}).then(got => got.status)");
            assert_eq!(browser.evaluate(&script).await, status, "{method} as the documentation tries it");
        }
        browser.visit(&url(&service, PAGE)).await;
        browser.find_text("button", "Sign out").await.click().await.unwrap();
        browser.find_text("h1", "Sign in").await;
        browser.visit(&url(&service, PAGE)).await;
        browser.find_text("h1", "Sign in").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_while_the_page_is_open_when_it_expires_or_its_key_is_revoked() {
    let (data, service, key) = served("auth.session_time = '15s'").await;
    let Some(browser) = Browser::open().await else { return };
    browser.visit(&url(&service, PAGE)).await;
    fill_in(&browser, &key).await;
    browser.find_text("h1", "a").await;
    wait_until_signed_out(&browser, &url(&service, PAGE)).await;

    let longer = service_on(&data, "");
    browser.visit(&url(&longer, PAGE)).await;
    fill_in(&browser, &key).await;
    browser.find_text("caption", "Tasks 1 to 10 of 14").await;
    data.revoke(&key.id);
    wait_until_signed_out(&browser, &url(&longer, PAGE)).await;
    browser.find_text("p", "The session or the share link is not valid").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_link_is_made_on_the_page_and_shows_its_requests_to_who_has_no_key() {
    let (data, service, key) = served("").await;
    let (Some(browser), Some(other)) = (Browser::open().await, Browser::open().await) else { return };
    browser.visit(&url(&service, PAGE)).await;
    fill_in(&browser, &key).await;
    browser.find_text("button", "Make a share link").await.click().await.unwrap();
    browser.find_text("h1", "Share link").await;
    assert_readable(&browser, "a share link").await;
    let link = browser.find("#link").await.text().await.unwrap();
    assert!(link.starts_with(&url(&service, "/?annotationRequestId=a&share=")), "{link}");

    other.visit(&link).await;
    other.find_text("caption", "Tasks 1 to 10 of 14").await;
    assert_readable(&other, "by a share link").await;
    assert_eq!(other.evaluate("return document.querySelectorAll('.ask, form:not([method=get])').length").await, 0);
    other.find_text("a", "Next").await.click().await.unwrap();
    other.find_text("caption", "Tasks 11 to 14 of 14").await;
    other.find("a[href$='format=csv']").await.click().await.unwrap();
    assert_eq!(String::from_utf8(other.take_download().1).unwrap().lines().count(), 15);
    other.visit(&link.replace("annotationRequestId=a", "annotationRequestId=b")).await;
    other.find_text("h1", "Sign in").await;
    other.visit(&link).await;
    other.find_text("h1", "a").await;
    data.revoke(&key.id);
    wait_until_signed_out(&other, &link).await;
}
