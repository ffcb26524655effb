use crate::test_support::{
    ANNOTATION_REQUEST, HICCUP, Logs, REQUEST_ID, UNKNOWN, compact, known_request, ports, registering, send, settings,
    state_of, uncalled,
};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_domain::{CampaignScope, MockAnnotationRequestRegistry, RegistryError};

const ID: &str = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";
const URL: &str = "/rosetta-open/annotation-requests/7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";
const TAG: &str = "\"1744122000000000\"";

fn knowing() -> MockAnnotationRequestRegistry {
    let mut registry = MockAnnotationRequestRegistry::new();
    registry
        .expect_find()
        .withf(|id, scope| id.as_str() == ID && *scope == CampaignScope::All)
        .returning(|id, _| Ok(known_request(id.as_str())));
    registry
}

#[actix_web::test]
async fn a_request_is_served_as_the_documentation_shows_it() {
    for method in [Method::GET, Method::HEAD] {
        let response = send(registering(knowing()), TestRequest::with_uri(URL).method(method)).await;
        assert_eq!((response.status, response.text()), (200, compact(ANNOTATION_REQUEST).as_str()));
        assert_eq!(
            response.head(),
            format!(
                "cache-control: private, no-cache\n\
                 content-type: application/json\n\
                 etag: {TAG}\n\
                 server-timing: db;dur=0, total;dur=0\n\
                 vary: accept-encoding\n\
                 x-content-type-options: nosniff\n\
                 x-request-id: {REQUEST_ID}\n"
            )
        );
    }
}

#[actix_web::test]
async fn a_request_that_the_client_has_is_not_sent_again() {
    for (value, status) in [(TAG, 304), ("*", 304), ("W/\"1744122000000000\"", 304), ("\"7\"", 200), ("x", 200)] {
        let request = TestRequest::get().uri(URL).insert_header(("If-None-Match", value));
        let response = send(registering(knowing()), request).await;
        assert_eq!(
            (response.status, response.body.is_empty(), response.header("etag")),
            (status, status == 304, Some(TAG))
        );
    }
}

#[actix_web::test]
async fn what_cannot_be_served_is_an_envelope_and_its_cause_is_logged_once() {
    for (status, example, lines) in [(404, UNKNOWN, 0), (503, HICCUP, 1), (500, HICCUP, 1)] {
        let error = move || match status {
            404 => RegistryError::UnknownAnnotationRequest(known_request("a").id),
            503 => RegistryError::Unavailable("no route to host".into()),
            _ => RegistryError::Corrupt { what: "annotation_requests.campaign_id of a".into() },
        };
        let logs = Logs::default();
        let _guard = tracing::subscriber::set_default(logs.subscriber());
        let mut registry = MockAnnotationRequestRegistry::new();
        registry.expect_find().returning(move |_, _| Err(error()));
        let response = send(registering(registry), TestRequest::get().uri(URL)).await;
        assert_eq!((response.status, response.text()), (status, compact(example).as_str()));
        assert_eq!(response.header("retry-after").is_some(), status == 503);
        assert_eq!(logs.lines().len(), lines, "{:?}", logs.lines());
    }
}

#[actix_web::test]
async fn an_id_in_a_path_is_free_text_and_decoded_once() {
    for (segment, id) in
        [("a%2Fb", "a/b"), ("50%2525", "50%25"), ("a+b", "a+b"), ("%E8%BD%A6", "\u{8f66}"), ("..", "..")]
    {
        for base_path in ["", "/x/y"] {
            let mut registry = MockAnnotationRequestRegistry::new();
            registry
                .expect_find()
                .withf(move |found, _| found.as_str() == id)
                .times(1)
                .returning(|id, _| Ok(known_request(id.as_str())));
            let ports = crate::Ports { registry: std::sync::Arc::new(registry), ..ports() };
            let settings = crate::ApiSettings { base_path: base_path.parse().unwrap(), ..settings() };
            let request = TestRequest::get().uri(&format!("{base_path}/annotation-requests/{segment}"));
            assert_eq!(send(state_of(ports, settings), request).await.status, 200, "{segment}");
        }
    }
    for segment in ["%zz", "%00", "%FF"] {
        let request = TestRequest::get().uri(&format!("/rosetta-open/annotation-requests/{segment}"));
        let response = send(uncalled(), request).await;
        assert_eq!((response.status, response.text().contains("Invalid parameter: annotationRequestId ")), (400, true));
    }
}
