use super::test_statements::{REQUEST, signing, statements, with_statements};
use crate::test_support::{Logs, TestResponse, get, ports, send, settings, state_of};
use crate::{ApiState, Ports, SigningSource};
use actix_web::test::TestRequest;
use annotation_statistics_domain::{MockStatementRepository, StatementError};
use std::sync::Arc;

const LIST: &str = "/statements?annotationRequestId=order%207";
const PAGE: &str = "/statement?annotationRequestId=order%207&name=2026-11";

/// A service without access keys.
fn service(names: &[&str]) -> ApiState {
    state_of(with_statements(names), settings()).with_signing(signing())
}

/// One whose repository fails.
fn failing(error: impl Fn() -> StatementError + Clone + Send + 'static) -> ApiState {
    let mut statements = MockStatementRepository::new();
    let (found, listed, made) = (error.clone(), error.clone(), error);
    statements.expect_find().returning(move |_, _, _| Err(found()));
    statements.expect_list().returning(move |_, _, _, _| Err(listed()));
    statements.expect_create().returning(move |_, _, _| Err(made()));
    state_of(Ports { statements: Arc::new(statements), ..ports() }, settings()).with_signing(signing())
}

async fn post(state: ApiState, site: &str, body: &str) -> TestResponse {
    let request = TestRequest::post().uri(LIST).insert_header(("Sec-Fetch-Site", site.to_owned()));
    let media_type = ("Content-Type", "application/x-www-form-urlencoded");
    send(state, request.insert_header(media_type).set_payload(body.to_owned())).await
}

fn assert_has(response: &TestResponse, status: u16, texts: &[&str]) {
    assert_eq!(response.status, status, "{}", response.text());
    for text in texts {
        assert!(response.text().contains(text), "{text}: {}", response.text());
    }
}

#[actix_web::test]
async fn the_list_has_the_latest_statement_first_and_the_form_for_this_month() {
    let none = get(service(&[]), LIST).await;
    assert_has(&none, 200, &["There are none yet.", "name=\"name\" value=\"2025-04\""]);
    assert_eq!(none.header("referrer-policy"), Some("same-origin"), "the form says where it is from");
    let list = get(service(&["2025-03", "2025-04"]), LIST).await;
    let shown = "name=2025-04\">2025-04</a></th><td role=\"cell\" data-name=\"Number\" class=\"figure\">2</td>\
                 <td role=\"cell\" data-name=\"Tasks\" class=\"figure\">1</td>\
                 <td role=\"cell\" data-name=\"Delivered\" class=\"figure\">1</td>";
    assert_has(&list, 200, &[shown, "<bdi>ak-7</bdi>", ">1744122000000000</td>", "value=\"2025-04-08\""]);
    let places = ["name=2025-04\"", "name=2025-03\""].map(|text| list.text().find(text).unwrap());
    assert!(places[0] < places[1] && !list.text().contains("class=\"pager\""), "{}", list.text());
}

#[actix_web::test]
async fn a_list_goes_on_before_its_last_number() {
    let names: Vec<String> = (1..=13).map(|number| format!("n-{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let first = get(service(&names), LIST).await;
    assert_has(&first, 200, &["name=n-13\"", "name=n-02\"", "&amp;before=2\">Earlier ones"]);
    assert!(!first.text().contains("name=n-01\"") && !first.text().contains("The latest</a>"), "{}", first.text());
    let second = get(service(&names), &format!("{LIST}&before=2")).await;
    assert_has(&second, 200, &["name=n-01\"", "The latest</a>"]);
    assert!(!second.text().contains("name=n-02\"") && !second.text().contains("Earlier"), "{}", second.text());
}

#[actix_web::test]
async fn a_statement_is_shown_with_its_digests_files_and_the_one_before() {
    let page = get(service(&["2026-10", "2026-11"]), PAGE).await;
    let [before, shown] = <[_; 2]>::try_from(statements(&["2026-10", "2026-11"])).unwrap();
    let digest = |digest: String| {
        let groups = digest.as_bytes().chunks(4).map(|group| String::from_utf8(group.to_vec()).unwrap());
        format!("<span>{}</span></dd>", groups.collect::<Vec<_>>().join("</span><span>"))
    };
    let base = "rosetta-open/annotation-requests/order%207";
    let texts = [
        "Statement 2 of annotation request <bdi>order 7</bdi>, campaign <bdi>1001</bdi>".to_owned(),
        digest(shown.head.sha256.to_string()),
        digest(shown.head.rows.sha256.to_string()),
        format!("<dd class=\"id\">{}</dd>", shown.head.key_id),
        "<dt>SHA-256 of the public key</dt>".to_owned(),
        format!(
            "name=2026-10\">2026-10</a>, number 1, its document has the SHA-256 <span class=\"id\">{}",
            before.head.sha256
        ),
        format!("href=\"{base}/statements/2026-11/statement.json\""),
        format!("href=\"{base}/statements/2026-11/statement.sig\""),
        format!("href=\"{base}/statements/2026-11/rows.jsonl\""),
        format!("href=\"{base}/statements/2026-11/rows.jsonl.zst\""),
        format!("href=\"rosetta-open/statement-keys/{}.pem\"", shown.head.key_id),
        "href=\"rosetta-open/statistics/export?annotationRequestId=order%207&#38;statement=2026-11&#38;format=csv"
            .to_owned(),
        format!("href=\"{base}/diff?from=statement:2026-10&#38;to=statement:2026-11\""),
        "Tasks 1 of 1, Instances 12 of 12, Attributes 44 of 44, Frames 1 of 1 delivered.".to_owned(),
        "an object counts once, however many frames show it".to_owned(),
        "<svg class=\"code\"".to_owned(),
    ];
    assert_has(&page, 200, &texts.each_ref().map(String::as_str));
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'; style-src 'self';"));
    assert!(!page.text().contains("<script") && !page.text().contains("style="), "{}", page.text());
}

#[actix_web::test]
async fn the_form_makes_a_statement_once_and_leads_to_it() {
    let made = post(service(&["2026-11"]), "same-origin", "name=+2026-12+").await;
    let location = "./statement?annotationRequestId=order%207&name=2026-12";
    assert_eq!((made.status, made.header("location")), (303, Some(location)), "{}", made.text());
    let again = post(service(&["2026-11"]), "same-origin", "name=2026-11").await;
    let why = "role=\"alert\">Statement 1 has this name, and no statement is ever replaced. \
               <a href=\"statement?annotationRequestId=order%207&amp;name=2026-11\">Show it</a>";
    assert_has(&again, 409, &[why, "value=\"2026-11\"", "aria-invalid=\"true\""]);
    for name in ["", "a%2Fb", ".hidden", "n%C3%A4me"] {
        let refused = post(service(&[]), "same-origin", &format!("name={name}")).await;
        assert_has(&refused, 400, &["role=\"alert\">The name must be 1 to 64 letters, digits and . _ -"]);
    }
    let twice = post(service(&[]), "same-origin", "name=a&name=b").await;
    assert_has(&twice, 400, &["role=\"alert\">The name must be"]);
    let long = post(service(&[]), "same-origin", &format!("name={}", "a".repeat(4_097))).await;
    assert_eq!(long.status, 413);
}

#[actix_web::test]
async fn a_form_of_another_site_makes_nothing() {
    for site in ["cross-site", "same-site", "none"] {
        let refused = post(service(&[]), site, "name=2026-12").await;
        assert_has(&refused, 401, &["This form was out of date. Nothing was done"]);
    }
}

#[actix_web::test]
async fn without_a_signing_key_the_page_says_what_to_do_and_the_log_says_why() {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.subscriber());
    let unsigned = |names: &[&str]| state_of(with_statements(names), settings());
    let page = get(unsigned(&["2026-11"]), LIST).await;
    let texts = ["Nothing can be signed here", "statement keygen</code>", "name=2026-11\">2026-11</a>"];
    assert_has(&page, 200, &texts);
    assert!(!page.text().contains("name=\"name\"") && logs.lines().is_empty(), "{:?}", logs.lines());
    let refused = post(unsigned(&[]), "same-origin", "name=2026-12").await;
    assert_has(&refused, 503, &["Nothing can be signed here"]);
    assert!(logs.lines().iter().any(|line| line.contains("no signing key is set")), "{:?}", logs.lines());
    let unreadable = SigningSource::new(|| Err("the file is not there".into()));
    let page = get(unsigned(&[]).with_signing(unreadable), LIST).await;
    assert_has(&page, 200, &["Nothing can be signed here"]);
}

#[actix_web::test]
async fn what_is_not_there_is_said_in_words() {
    let named = "/statement?annotationRequestId=order%207";
    for (url, status, text) in [
        ("/statements?annotationRequestId=x", 404, "Unknown annotation request"),
        ("/statement?annotationRequestId=x&name=a", 404, "Unknown annotation request"),
        (
            "/statement?annotationRequestId=order%207&name=2026-12",
            404,
            "There is no statement of the name 2026-12 here.",
        ),
        (named, 400, "name must be given"),
        ("/statements", 400, "annotationRequestId must be given at least once"),
        ("/statements?annotationRequestId=a&annotationRequestId=b", 400, "must be one id here, got 2"),
        ("/statements?annotationRequestId=order%207&before=0", 400, "before must be a whole number from 1"),
    ] {
        let response = get(service(&["2026-11"]), url).await;
        assert_has(&response, status, &[text]);
        assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"), "{url}");
    }
    assert_eq!(statements(&["a"])[0].head.annotation_request_id.as_str(), REQUEST);
}

#[actix_web::test]
async fn what_cannot_be_reached_or_made_is_said_and_logged() {
    let corrupt = || StatementError::Corrupt { what: "statements.body".to_owned() };
    let broken = || StatementError::Format("a row".into());
    let away = || StatementError::Unavailable("no route".into());
    for url in [LIST, PAGE] {
        let response = get(failing(away), url).await;
        assert_has(&response, 503, &["The statistics cannot be reached now"]);
        assert_eq!(response.header("retry-after"), Some("1"));
        assert_has(&get(failing(corrupt), url).await, 500, &["The statistics cannot be shown"]);
    }
    assert_has(&post(failing(broken), "same-origin", "name=a").await, 500, &["The statistics cannot be shown"]);
    let unreadable = || {
        let mut statement = statements(&["2026-11"]).remove(0);
        statement.body = b"{}".to_vec();
        let mut repository = MockStatementRepository::new();
        repository.expect_find().returning(move |_, _, _| Ok(statement.clone()));
        repository.expect_list_keys().returning(|| Ok(Vec::new()));
        repository.expect_list().returning(|_, _, _, _| Ok(Vec::new()));
        state_of(Ports { statements: Arc::new(repository), ..ports() }, settings())
    };
    assert_has(&get(unreadable(), PAGE).await, 500, &["The statistics cannot be shown"]);
}
