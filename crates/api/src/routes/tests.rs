use crate::test_support::{HICCUP, Logs, REQUEST_ID, compact, get, page, refusal, responding, send, state, uncalled};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_domain::{MockStatisticsRepository, RepositoryError};

const STATISTICS: &str = "/rosetta-open/statistics?annotationRequestId=a";

#[actix_web::test]
async fn an_unknown_path_is_an_envelope() {
    for path in [
        "/index.html",
        "/page.css",
        "/statistics",
        "/rosetta-open",
        "/rosetta-open/statistics/",
        "/rosetta-open/health/live",
        "/docs/x",
    ] {
        let response = get(uncalled(), path).await;
        assert_eq!((response.status, response.text()), (404, refusal(404, "Not Found").as_str()), "{path}");
        assert_eq!(response.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(response.header("x-request-id"), Some(REQUEST_ID), "{path}");
    }
}

#[actix_web::test]
async fn an_invalid_method_is_an_envelope_that_names_the_right_ones() {
    let methods = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS, Method::TRACE];
    for method in methods {
        for path in [STATISTICS, "/health/live", "/health/ready", "/openapi.json", "/docs", "/docs/", "/docs/x", "/"] {
            let response = send(uncalled(), TestRequest::with_uri(path).method(method.clone())).await;
            assert_eq!(response.text(), refusal(405, "Method Not Allowed"), "{method} {path}");
            assert_eq!((response.status, response.header("allow")), (405, Some("GET, HEAD")), "{method} {path}");
        }
    }
    for (path, wrong, allowed) in [
        ("/rosetta-open/statistics/query", "GET HEAD PUT PATCH DELETE", "POST"),
        ("/rosetta-open/annotation-requests/a", "POST PATCH OPTIONS", "GET, HEAD, PUT, DELETE"),
        ("/rosetta-open/annotation-requests/a/statistics", "POST PATCH DELETE", "GET, HEAD, PUT"),
        ("/rosetta-open/annotation-requests/a/taxonomy", "POST PATCH DELETE", "GET, HEAD, PUT"),
        ("/rosetta-open/annotation-requests/a/conformance", "POST PUT PATCH DELETE", "GET, HEAD"),
        ("/rosetta-open/annotation-requests/a/reconciliations", "GET HEAD PUT PATCH DELETE", "POST"),
        ("/reconcile", "PUT PATCH DELETE", "GET, HEAD, POST"),
        ("/rosetta-open/annotation-requests/a/statistics/7", "POST PUT PATCH", "GET, HEAD, DELETE"),
    ] {
        for method in wrong.split(' ') {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let response = send(uncalled(), TestRequest::with_uri(path).method(method.clone())).await;
            assert_eq!(response.text(), refusal(405, "Method Not Allowed"), "{method} {path}");
            assert_eq!((response.status, response.header("allow")), (405, Some(allowed)), "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn head_has_the_headers_of_get() {
    for path in [STATISTICS, "/health/live", "/openapi.json", "/docs/", "/docs", "/nowhere"] {
        let state = || responding(|| Ok(page(9, 9)));
        let compressed = |request: TestRequest| request.uri(path).insert_header(("Accept-Encoding", "gzip"));
        let get = send(state(), compressed(TestRequest::get())).await;
        let head = send(state(), compressed(TestRequest::with_uri(path).method(Method::HEAD))).await;
        // The HTTP server drops the body, and keeps its length.
        assert_eq!((head.status, head.head(), head.body), (get.status, get.head(), get.body), "{path}");
    }
}

#[actix_web::test]
async fn a_body_over_the_limit_is_refused_wherever_it_is_sent() {
    for path in [STATISTICS, "/health/live", "/nowhere"] {
        let request = TestRequest::post().uri(path).insert_header(("Content-Length", "8388609"));
        let response = send(uncalled(), request).await;
        assert_eq!((response.status, response.text()), (413, refusal(413, "Payload Too Large").as_str()), "{path}");
    }
    let within = TestRequest::post().uri("/nowhere").insert_header(("Content-Length", "8388608"));
    assert_eq!(send(uncalled(), within).await.status, 404);
}

#[actix_web::test]
async fn a_panic_is_a_hiccup_and_is_logged_once() {
    let logs = Logs::default();
    let _guard = tracing::subscriber::set_default(logs.subscriber());
    let response = get(responding(|| panic!("row {} is missing", 7)), STATISTICS).await;
    assert_eq!((response.status, response.text()), (500, compact(HICCUP).as_str()));
    assert_eq!(
        response.head(),
        format!(
            "cache-control: no-store\n\
             content-type: application/json\n\
             x-content-type-options: nosniff\n\
             x-request-id: {REQUEST_ID}\n"
        )
    );
    let expected = format!(
        "ERROR request{{request_id={REQUEST_ID}}}: annotation_statistics_api::panic_guard: a handler panicked panic=\"row 7 is missing\""
    );
    assert_eq!(logs.lines(), [expected]);
}

#[actix_web::test]
async fn the_service_is_live_without_calling_any_port() {
    let response = get(uncalled(), "/health/live").await;
    assert_eq!(
        response.text(),
        format!(
            r#"{{"code":2000,"message":"Success","data":{{"status":"live"}},"date":"2025-04-08 14:20:00","requestId":"{REQUEST_ID}","success":true}}"#
        )
    );
    assert_eq!(response.header("cache-control"), Some("no-store"));
}

#[actix_web::test]
async fn the_service_is_ready_exactly_when_its_data_is() {
    let ready = |response: fn() -> Result<(), RepositoryError>| {
        let mut repository = MockStatisticsRepository::new();
        repository.expect_check_ready().times(1).returning(response);
        state(repository)
    };
    let yes = get(ready(|| Ok(())), "/health/ready").await;
    assert_eq!((yes.status, yes.text().contains(r#""data":{"status":"ready"}"#)), (200, true));
    let no = get(ready(|| Err(RepositoryError::Unavailable("no route to host".into()))), "/health/ready").await;
    assert_eq!((no.status, no.text(), no.header("retry-after")), (503, compact(HICCUP).as_str(), Some("1")));
}

#[actix_web::test]
async fn the_browser_ui_comes_from_here_and_finds_the_document() {
    let folder = get(uncalled(), "/docs").await;
    assert_eq!((folder.status, folder.header("location")), (308, Some("docs/")));
    let first = get(uncalled(), "/docs/").await;
    assert_eq!((first.status, first.header("content-type")), (200, Some("text/html")));
    assert!(!first.text().contains("//cdn") && first.text().contains("swagger-ui"), "{}", first.text());
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                  font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
    assert_eq!(first.header("content-security-policy"), Some(policy));
    let start = get(uncalled(), "/docs/swagger-initializer.js").await;
    assert!(start.text().contains("../openapi.json"), "{}", start.text());
}
