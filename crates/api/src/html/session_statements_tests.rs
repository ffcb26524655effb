//! Statements where access keys are needed: who makes them, and links that show one and nothing else.

use super::{assert_signed_out, good_session, link, post, read, secret, session, token_key, with_key};
use crate::auth::{NOW, SECRET, key};
use crate::html::statement::test_statements::{REQUEST, signing, with_statements};
use crate::test_support::{TestResponse, send, settings};
use crate::{ApiSettings, ApiState, ForwardedHeader, ProxyUsers, TrustedProxies};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_access::{AccessKey, Grant, KeyScopes, SignedToken, Timestamp};
use annotation_statistics_domain::{AnnotationRequestId, StatementName};

const LIST: &str = "/statements?annotationRequestId=order%207";
const NAMED: &str = "annotationRequestId=order%207&name=2026-11";

fn writer() -> AccessKey {
    AccessKey { scopes: KeyScopes::ReadAndWrite, ..key() }
}

/// A service with two statements of `order 7`, and no other port than theirs.
fn service(known: AccessKey) -> ApiState {
    with_key(known, with_statements(&["2026-10", "2026-11"]), settings()).with_signing(signing())
}

/// The token of a link to a statement.
fn link_to(request: &str, name: &str, expires: i64) -> String {
    let (request, name) = (AnnotationRequestId::new(request).unwrap(), StatementName::new(name).unwrap());
    let grant = Grant::Statement(&request, &name);
    let token = SignedToken::issue(&token_key(1), &key().id, &secret(SECRET), Timestamp::from(expires), grant);
    format!("share={token}")
}

async fn open(url: &str) -> TestResponse {
    send(service(key()), TestRequest::get().uri(url)).await
}

#[actix_web::test]
async fn a_link_shows_its_statement_and_nothing_else() {
    let link_to_it = link_to(REQUEST, "2026-11", NOW + 1);
    for query in [format!("{NAMED}&{link_to_it}"), format!("{link_to_it}&name=2026-11&annotationRequestId[]=order+7")] {
        let page = open(&format!("/statement?{query}")).await;
        assert_eq!((page.status, page.header("referrer-policy")), (200, Some("no-referrer")), "{query}");
        assert!(page.text().contains("Shared with you until 2025-04-08 14:20 UTC"), "{}", page.text());
        let file =
            format!("href=\"rosetta-open/annotation-requests/order%207/statements/2026-11/rows.jsonl?{link_to_it}\"");
        assert!(page.text().contains(&file), "{}", page.text());
        for absent in ["<form", "2026-10", "statements?", "statistics/export", "href=\"./?", "by <bdi>ak-7"] {
            assert!(!page.text().contains(absent), "{absent}: {}", page.text());
        }
    }
    for (query, reason) in [
        (format!("annotationRequestId=order%207&name=2026-10&{link_to_it}"), "another statement"),
        (format!("annotationRequestId=order%208&name=2026-11&{link_to_it}"), "one of another request"),
        (format!("{NAMED}&annotationRequestId=order%208&{link_to_it}"), "two requests"),
        (format!("{NAMED}&n%61me=2026-10&{link_to_it}"), "two names"),
        (format!("{NAMED}&requests=order%208&{link_to_it}"), "the lines of the form"),
        (format!("annotationRequestId=order%207&{link_to_it}"), "no name"),
        (format!("name=2026-11&{link_to_it}"), "no request"),
        (format!("{NAMED}&{link_to_it}&{link_to_it}"), "two links"),
        (format!("{NAMED}&{}", link_to(REQUEST, "2026-11", NOW)), "an expired link"),
        (format!("{NAMED}&{}", link_to("2026-11", REQUEST.replace(' ', "-").as_str(), NOW + 1)), "the other way round"),
        (format!("{NAMED}&{}", link(&[REQUEST], NOW + 1)), "a link to the live numbers"),
        (format!("{NAMED}&{}", link(&[REQUEST, "2026-11"], NOW + 1)), "a link to a list of the same words"),
        (format!("{NAMED}&{}", good_session().replace("annotation-statistics=", "share=")), "a session"),
    ] {
        assert_signed_out(&open(&format!("/statement?{query}")).await, reason);
    }
}

#[actix_web::test]
async fn a_link_to_a_statement_opens_no_other_door() {
    let link_to_it = link_to(REQUEST, "2026-11", NOW + 1);
    let request = "/rosetta-open/annotation-requests/order%207";
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/find"),
        (Method::GET, "/reconcile"),
        (Method::GET, "/statements"),
        (Method::POST, "/statements"),
        (Method::POST, "/share"),
        (Method::POST, "/reconcile"),
        (Method::GET, "/rosetta-open/statistics"),
        (Method::GET, "/rosetta-open/statistics/summary"),
        (Method::GET, "/rosetta-open/statistics/export"),
        (Method::POST, "/rosetta-open/statistics/query"),
        (Method::GET, request),
        (Method::DELETE, request),
    ] {
        let sent = TestRequest::default().method(method.clone()).uri(&format!("{path}?{NAMED}&{link_to_it}"));
        assert_eq!(send(service(writer()), sent).await.status, 401, "{method} {path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let sent = TestRequest::default().method(method.clone()).uri(&format!("/statement?{NAMED}&{link_to_it}"));
        assert_eq!(send(service(key()), sent).await.status, 401, "{method}: a link is for reads");
    }
    let as_cookie = link_to_it.replace("share=", "annotation-statistics=");
    assert_signed_out(&read(service(key()), &format!("/statement?{NAMED}"), &as_cookie).await, "it is no session");
}

#[actix_web::test]
async fn a_link_ends_with_its_key() {
    let url = format!("/statement?{NAMED}&{}", link_to(REQUEST, "2026-11", NOW + 1));
    let expired = AccessKey { expires: Some(Timestamp::from(NOW)), ..key() };
    let rotated = AccessKey { secret: secret("another-secret-7"), previous: None, ..key() };
    let writes_only = AccessKey { scopes: KeyScopes::Write, ..key() };
    for (known, reason) in [(expired, "expired"), (rotated, "another secret"), (writes_only, "may not read any more")] {
        assert_signed_out(&send(service(known), TestRequest::get().uri(&url)).await, reason);
    }
}

#[actix_web::test]
async fn a_link_is_made_on_the_page_of_its_statement() {
    let session = good_session();
    let token = token_key(1).form_token(session.strip_prefix("annotation-statistics=").unwrap());
    let page = read(service(key()), &format!("/statement?{NAMED}"), &session).await;
    let field = "<input type=\"hidden\" name=\"statement\" value=\"2026-11\">";
    assert!(page.text().contains(field) && page.text().contains(&token), "{}", page.text());
    let list = "annotationRequestId=order%207";
    let share = async |list: &str, name: &str| {
        let fields = [("form", token.as_str()), ("list", list), ("statement", name)];
        send(service(key()), post("/share", &session, &fields)).await
    };
    let shared = share(list, "2026-11").await;
    let link = format!("statement?{NAMED}&{}", link_to(REQUEST, "2026-11", NOW + 7 * 86_400_000));
    let shown = format!("href=\"./{0}\">http://localhost:8080/{0}</a>", link.replace('&', "&#38;"));
    assert_eq!(shared.status, 200, "{}", shared.text());
    for text in [shown.as_str(), "see statement 2026-11 of this annotation request and its files until 2025-04-15"] {
        assert!(shared.text().contains(text), "{text}: {}", shared.text());
    }
    assert_eq!(open(&format!("/{link}")).await.status, 200);
    for (list, name, reason) in [
        ("annotationRequestId=order%207&annotationRequestId=b", "2026-11", "two requests"),
        ("annotationRequestId=order%207&name=2026-10", "2026-11", "two names"),
        (list, "../2026-11", "no name"),
        ("", "2026-11", "no request"),
    ] {
        assert_eq!(share(list, name).await.status, 400, "{reason}");
    }
}

#[actix_web::test]
async fn a_link_is_good_for_the_files_of_its_statement_alone() {
    let link_to_it = link_to(REQUEST, "2026-11", NOW + 1);
    let base = "/rosetta-open/annotation-requests/order%207/statements";
    let key = "/rosetta-open/statement-keys/9bf7c7de21b5ac01.pem";
    for file in ["statement.json", "statement.sig"] {
        let own = open(&format!("{base}/2026-11/{file}?{link_to_it}")).await;
        assert_eq!(own.status, 200, "{}", own.text());
    }
    for (url, reason) in [
        (format!("{base}/2026-10/statement.json?{link_to_it}"), "another statement"),
        (format!("{base}/2026-10/statement.json?{NAMED}&{link_to_it}"), "another one, whose query names the right one"),
        (format!("{base}/2026-10/rows.jsonl?{NAMED}&{link_to_it}"), "its rows"),
        (format!("{base}/2026-11/../2026-10/statement.json?{link_to_it}"), "by dots"),
        (
            format!("/rosetta-open/annotation-requests/order%208/statements/2026-11/statement.sig?{link_to_it}"),
            "another request",
        ),
        (format!("{base}/2026-11?{link_to_it}"), "the resource that makes statements"),
        (format!("{base}?{link_to_it}"), "the list"),
        (format!("{base}/2026-11/statement.json?{}", link_to(REQUEST, "2026-11", NOW)), "an expired link"),
        (format!("{base}/2026-11/statement.json?{}", link(&[REQUEST], NOW + 1)), "a link to the live numbers"),
        (format!("{key}?{link_to_it}"), "a key without the statement"),
        (format!("{key}?annotationRequestId=order%207&name=2026-10&{link_to_it}"), "a key with another statement"),
        (format!("/rosetta-open/statement-keys?{NAMED}&{link_to_it}"), "all keys"),
    ] {
        let refused = open(&url).await;
        assert!([401, 404].contains(&refused.status), "{reason}: {} {}", refused.status, refused.text());
    }
    let other_key = open(&format!("{key}?{NAMED}&{link_to_it}")).await;
    assert_eq!(other_key.status, 404, "admitted, and there is no such key: {}", other_key.text());
}

/// Sends the form as the browser with this session does.
async fn make(known: AccessKey, cookie: &str, token: &str, site: &'static str) -> TestResponse {
    let request = post(LIST, cookie, &[("form", token), ("name", "2026-12")]);
    send(service(known), request.insert_header(("Sec-Fetch-Site", site))).await
}

#[actix_web::test]
async fn a_statement_is_made_by_those_who_have_signed_in_and_whose_key_may_write() {
    let session = good_session();
    let token = token_key(1).form_token(session.strip_prefix("annotation-statistics=").unwrap());
    let form = read(service(writer()), LIST, &session).await;
    assert!(form.text().contains(&format!("name=\"form\" value=\"{token}\"")), "{}", form.text());
    let made = make(writer(), &session, &token, "same-origin").await;
    let location = "./statement?annotationRequestId=order%207&name=2026-12";
    assert_eq!((made.status, made.header("location")), (303, Some(location)), "{}", made.text());
    let list = read(service(key()), LIST, &session).await;
    let says_why = list.text().contains("Statements are made with an access key that may write.");
    assert!(!list.text().contains("action=\"statements") && says_why, "{}", list.text());
    let refused = make(key(), &session, &token, "same-origin").await;
    assert_eq!((refused.status, refused.header("location")), (401, None));
    assert!(refused.text().contains("Statements are made with an access key that may write."), "{}", refused.text());
}

#[actix_web::test]
async fn a_form_that_the_browser_was_not_given_makes_no_statement() {
    let good = good_session();
    let other = self::session(SECRET, 1, NOW + 2);
    let token = |session: &str| token_key(1).form_token(session.strip_prefix("annotation-statistics=").unwrap());
    for (cookie, token, site, status, reason) in [
        (good.as_str(), String::new(), "same-origin", 403, "without a token"),
        (&good, token(&other), "same-origin", 403, "the token of another session"),
        (&good, token(&good), "cross-site", 403, "of another site"),
        (&good, token(&good), "same-site", 403, "of another host of the domain"),
        ("", token(&good), "same-origin", 401, "without a session"),
    ] {
        let refused = make(writer(), cookie, &token, site).await;
        assert_eq!((refused.status, refused.header("location")), (status, None), "{reason}");
    }
}

#[actix_web::test]
async fn who_a_proxy_has_signed_in_makes_statements_by_the_key_of_that_name() {
    let proxies = TrustedProxies::new(&["10.0.0.0/8".into()], ForwardedHeader::XForwardedFor).unwrap();
    let mut settings = ApiSettings { proxies, ..settings() };
    settings.sign_in.users = ProxyUsers::new("X-Remote-User", &["alice=ak-7".into()]).unwrap();
    let token = token_key(1).form_token("user ak-7 alice");
    for (known, status) in [(writer(), 303), (key(), 401)] {
        let ports = with_statements(&["2026-11"]);
        let request = post(LIST, "", &[("form", &token), ("name", "2026-12")]);
        let request = request.insert_header(("X-Remote-User", "alice")).peer_addr("10.0.0.1:7".parse().unwrap());
        let made = send(with_key(known, ports, settings.clone()).with_signing(signing()), request).await;
        assert_eq!(made.status, status, "{}", made.text());
    }
}
