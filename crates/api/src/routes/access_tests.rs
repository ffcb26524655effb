//! A route needs the access of its resource, however a client spells its path.

use crate::auth::{EMPTY, key, v2};
use crate::test_support::{TestResponse, ports, refusal, response_of, settings, state_of};
use crate::{AccessSettings, ApiState, Ports, app, openapi_json};
use actix_web::http::Method;
use actix_web::test::{TestRequest, init_service, try_call_service};
use annotation_statistics_access::{AccessKey, KeyScopes, MockKeys, MockNonces};
use annotation_statistics_domain::{
    AnnotationRequestId, FoundRequests, FoundTaskPlaces, MockAnnotationRequestFinder, MockAnnotationRequestRegistry,
    MockStatementRepository, MockSummaryRepository, MockTaxonomyRepository, RegistryError, RepositoryError,
    StatementError,
};
use std::collections::HashSet;
use std::sync::Arc;

/// A service that knows one key with these scopes, and no annotation request.
fn service_for(scopes: KeyScopes) -> ApiState {
    let unknown = |id: &AnnotationRequestId| RegistryError::UnknownAnnotationRequest(id.clone());
    let mut registry = MockAnnotationRequestRegistry::new();
    registry.expect_find().returning(move |id, _| Err(unknown(id)));
    registry.expect_find_task().returning(move |id, _, _| Err(unknown(id)));
    registry.expect_delete().returning(move |id, _, _| Err(unknown(id)));
    registry.expect_delete_task().returning(move |id, _, _, _| Err(unknown(id)));
    let mut taxonomies = MockTaxonomyRepository::new();
    taxonomies.expect_find().returning(move |id, _| Err(unknown(id)));
    let mut statements = MockStatementRepository::new();
    let no_statement = |id: &AnnotationRequestId| StatementError::UnknownAnnotationRequest(id.clone());
    statements.expect_find().returning(move |id, _, _| Err(no_statement(id)));
    statements.expect_list().returning(move |id, _, _, _| Err(no_statement(id)));
    statements.expect_list_keys().returning(|| Ok(Vec::new()));
    let mut summaries = MockSummaryRepository::new();
    summaries
        .expect_summarize()
        .returning(|requests, _, _| Err(RepositoryError::UnknownAnnotationRequests(requests.as_slice().to_vec())));
    let mut finder = MockAnnotationRequestFinder::new();
    finder.expect_find_requests().returning(|_, _| Ok(FoundRequests::default()));
    finder.expect_find_tasks().returning(|_, _| Ok(FoundTaskPlaces::default()));
    let (mut keys, mut nonces) = (MockKeys::new(), MockNonces::new());
    let known = Arc::new(AccessKey { scopes, ..key() });
    keys.expect_find().returning(move |_| Ok(Some(Arc::clone(&known))));
    keys.expect_note_use().return_const(());
    nonces.expect_is_first_use().returning(|_, _, _| Ok(true));
    let ports = Ports {
        registry: Arc::new(registry),
        finder: Arc::new(finder),
        taxonomies: Arc::new(taxonomies),
        summaries: Arc::new(summaries),
        statements: Arc::new(statements),
        ..ports()
    };
    state_of(ports, settings()).with_access_keys(Arc::new(keys), Arc::new(nonces), AccessSettings::default())
}

/// Every operation of the document that needs a key, as a method and a path; HEAD is wherever GET is.
fn operations() -> Vec<(Method, String)> {
    let document: serde_json::Value = serde_json::from_str(&openapi_json(&settings()).unwrap()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{annotationRequestId}", "a").replace("{taskId}", "7");
        let path = path.replace("{name}", "n").replace("{keyId}", "0123456789abcdef");
        for method in item.as_object().unwrap().keys().filter(|name| name.as_str() != "parameters") {
            let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
            found.extend((method == Method::GET).then(|| (Method::HEAD, path.clone())));
            found.push((method, path.clone()));
        }
    }
    found.retain(|(_, path)| path.starts_with("/rosetta-open/"));
    found
}

/// The path with one character at a time percent-encoded, in both cases, and with all of them.
fn encoded(path: &str) -> Vec<String> {
    let escapes = |byte: u8| [format!("%{byte:02X}"), format!("%{byte:02x}")];
    let letters = path.bytes().enumerate().filter(|(_, byte)| *byte != b'/');
    let one = letters.flat_map(|(place, byte)| {
        escapes(byte).map(|escape| format!("{}{escape}{}", &path[..place], &path[place + 1..]))
    });
    let all = path.bytes().map(|byte| if byte == b'/' { "/".to_owned() } else { escapes(byte)[1].clone() });
    one.chain([all.collect()]).collect()
}

/// Other ways to write the same to a proxy or a file system, of which none is a path here.
fn elsewhere(path: &str) -> Vec<String> {
    let last = path.rfind('/').unwrap();
    let before_last = |between: &str| format!("{}{between}{}", &path[..last], &path[last + 1..]);
    let inside = ["//", "/./", "/x/../", "/%2e/", "%2F", "%2f", "%5C", "/;/", "/%2F"].map(before_last);
    let outside =
        [format!("{path}/"), format!("/{path}"), format!("/.{path}"), format!("{path}%00"), format!("{path}%20")];
    inside.into_iter().chain(outside).collect()
}

fn is_read(method: &Method, path: &str) -> bool {
    [Method::GET, Method::HEAD].contains(method)
        || path.ends_with("/statistics/query")
        || path.ends_with("/reconciliations")
}

#[actix_web::test]
async fn no_spelling_of_a_path_gives_a_key_more_than_its_scopes() {
    let reader = init_service(app(service_for(KeyScopes::Read))).await;
    let writer = init_service(app(service_for(KeyScopes::Write))).await;
    let not_found = refusal(404, "Not Found");
    let operations = operations();
    assert_eq!(operations.iter().collect::<HashSet<_>>().len(), 48, "{operations:?}");
    for (method, path) in operations {
        let request = |spelled: &str| v2(&method, spelled, "", EMPTY);
        for spelled in [vec![path.clone()], encoded(&path), elsewhere(&path)].concat() {
            let by_reader = response_of(try_call_service(&reader, request(&spelled).to_request()).await).await;
            let by_writer = response_of(try_call_service(&writer, request(&spelled).to_request()).await).await;
            let is_admitted = |response: &TestResponse| response.status != 401;
            let admitted = (is_admitted(&by_reader), is_admitted(&by_writer));
            let is_nowhere = by_reader.text() == not_found && by_writer.text() == not_found;
            // With its last slash as a part of the id it is another resource, of which a POST reads nothing.
            let is_another = method == Method::POST && elsewhere(&path).contains(&spelled);
            let expected = if is_read(&method, &path) && !is_another { (true, false) } else { (false, true) };
            assert!(is_nowhere || admitted == expected, "{method} {spelled}: {admitted:?}");
            assert!(!is_nowhere || !encoded(&path).contains(&spelled), "{method} {spelled} is no path here");
        }
    }
}

#[actix_web::test]
async fn a_method_that_a_path_does_not_have_counts_as_a_change() {
    let reader = init_service(app(service_for(KeyScopes::Read))).await;
    for (method, status) in [(Method::GET, 405), (Method::PUT, 401), (Method::DELETE, 401), (Method::PATCH, 401)] {
        let request: TestRequest = v2(&method, "/rosetta-open/statistics/query", "", EMPTY);
        let response = response_of(try_call_service(&reader, request.to_request()).await).await;
        assert_eq!(response.status, status, "{method}");
    }
}
