use super::*;
use crate::auth::{access, access_to_query};
use crate::paths::{self, HEALTH_LIVE, HEALTH_READY, OPENAPI, STATISTICS, STATISTICS_QUERY};
use crate::test_support::{
    ANNOTATION_REQUEST as ANNOTATION_REQUEST_EXAMPLE, CONFORMANCE, DELETED_TASKS, RECONCILIATION, RECORDED, SCHEDULE,
    STATEMENT, STATEMENT_KEYS, STATEMENTS, STATISTICS as EXAMPLE, SUMMARY as SUMMARY_EXAMPLE, TASK, TAXONOMY, send,
    uncalled,
};
use crate::{BasePath, test_support::HICCUP};
use actix_web::http::Method;
use actix_web::test::TestRequest;
use annotation_statistics_access::Access;
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn the_document_in_the_repository_is_that_of_the_code() {
    let kept = include_str!("../../../../docs/openapi.json");
    let made = openapi_json(&ApiSettings::default()).unwrap();
    assert!(kept == made, "run: cargo run -p annotation-statistics-api --example openapi > docs/openapi.json");
}

/// Each operation of the document of these settings, as a path and a method.
fn operations(settings: &ApiSettings) -> BTreeSet<(String, String)> {
    let document: Value = serde_json::from_str(&openapi_json(settings).unwrap()).unwrap();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        found.extend(item.as_object().unwrap().keys().map(|method| (path.clone(), method.to_ascii_uppercase())));
    }
    found
}

#[actix_web::test]
async fn the_document_has_the_methods_that_each_path_knows() {
    let operations = operations(&uncalled().settings);
    for path in operations.iter().map(|(path, _)| path).collect::<BTreeSet<_>>() {
        // Supported by no path.
        let request = TestRequest::with_uri(&path.replace(['{', '}'], "")).method(Method::OPTIONS);
        let response = send(uncalled(), request).await;
        let known: BTreeSet<_> = response.header("allow").unwrap_or_default().split(", ").collect();
        let described: BTreeSet<_> =
            operations.iter().filter(|(of, _)| of == path).map(|(_, method)| method.as_str()).collect();
        let head = described.contains("GET").then_some("HEAD");
        assert_eq!((response.status, known), (405, described.into_iter().chain(head).collect()), "{path}");
    }
}

#[test]
fn the_document_has_every_path_but_those_of_pages_and_of_the_admin_listener() {
    let source = include_str!("../paths.rs");
    let constants = source.lines().filter(|line| line.contains("const ") && line.contains(": &str = \"/"));
    let paths: BTreeSet<_> = constants.filter_map(|line| line.split('"').nth(1)).collect();
    let operations = operations(&ApiSettings::default());
    let described: BTreeSet<_> = operations.iter().map(|(path, _)| path.as_str()).collect();
    let pages = ["/", "/find", "/reconcile", "/statement", "/statements", "/sign-in", "/sign-out", "/share", "/docs"];
    let pages = &BTreeSet::from(pages) | &BTreeSet::from(["/docs/{file:.*}"]);
    let others = &pages | &BTreeSet::from(["/live", "/ready", "/metrics"]);
    assert_eq!(paths, &described | &others);
}

#[test]
fn an_operation_declares_the_signatures_that_its_access_needs() {
    let document: Value = serde_json::from_str(&openapi_json(&ApiSettings::default()).unwrap()).unwrap();
    let v2 = serde_json::json!({ "key": [], "time": [], "signature": [], "nonce": [] });
    let v1 = serde_json::json!({ "key": [], "time": [], "signature": [] });
    let session = serde_json::json!({ "session": [] });
    let (headers, cookie) = (["key", "nonce", "signature", "time"], ["session"]);
    let schemes = &document["components"]["securitySchemes"];
    let of_kind = |kind: &str| {
        let schemes = schemes.as_object().unwrap().iter().filter(|(_, scheme)| scheme["in"] == kind);
        schemes.map(|(name, _)| name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!((of_kind("header"), of_kind("cookie")), (headers.to_vec(), cookie.to_vec()));
    for (path, method) in operations(&ApiSettings::default()) {
        let operation = &document["paths"][&path][method.to_ascii_lowercase()];
        let access =
            if [STATISTICS_QUERY, paths::RECONCILIATIONS].contains(&path.as_str()) { access_to_query } else { access };
        let expected = match access(&Method::from_bytes(method.as_bytes()).unwrap()) {
            _ if [HEALTH_LIVE, HEALTH_READY, OPENAPI].contains(&path.as_str()) => Value::Null,
            // A browser sends its cookie with a form of another site, too.
            Access::Read if method == "POST" => serde_json::json!([v2, v1]),
            Access::Read => serde_json::json!([v2, v1, session]),
            Access::Write => serde_json::json!([v2]),
        };
        assert_eq!(operation["security"], expected, "{method} {path}");
        let statuses = operation["responses"].as_object().unwrap();
        assert_eq!(
            ["401", "403", "429"].map(|status| statuses.contains_key(status)),
            [!expected.is_null(); 3],
            "{path}"
        );
    }
}

#[test]
fn every_named_schema_exists_and_every_setting_has_its_value() {
    let document = openapi_json(&ApiSettings::default()).unwrap();
    let parsed: Value = serde_json::from_str(&document).unwrap();
    let named: BTreeSet<_> =
        document.split("\"#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let described: BTreeSet<_> =
        parsed["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(named, described);
    assert!(!document.contains("{max-"));
}

#[test]
fn conditions_are_parameters_where_they_are_obeyed() {
    let document: Value = serde_json::from_str(&openapi_json(&ApiSettings::default()).unwrap()).unwrap();
    for (path, method) in operations(&ApiSettings::default()) {
        let operation = &document["paths"][&path][method.to_ascii_lowercase()];
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let headers: BTreeSet<_> = parameters
            .filter(|parameter| parameter["in"] == "header")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let statuses = operation["responses"].as_object().unwrap();
        let mut expected = BTreeSet::new();
        expected.extend(statuses.contains_key("304").then_some("If-None-Match"));
        expected.extend(statuses.contains_key("412").then_some("If-Match"));
        expected.extend((method == "PUT" && path == paths::STATEMENT).then_some("If-None-Match"));
        let is_of_tasks = path.starts_with(STATISTICS)
            || [paths::SCHEDULE, paths::RECONCILIATIONS, paths::DIFF].contains(&path.as_str());
        expected.extend(is_of_tasks.then_some("Min-Revision"));
        assert_eq!(headers, expected, "{method} {path}");
    }
}

#[test]
fn a_limit_of_the_settings_is_a_limit_of_the_document() {
    let max_ids = std::num::NonZeroUsize::new(7).unwrap();
    let settings = ApiSettings { max_ids, base_path: BasePath::new("/a").unwrap(), ..ApiSettings::default() };
    let document: Value = serde_json::from_str(&openapi_json(&settings).unwrap()).unwrap();
    let about = document["paths"]["/a/statistics"]["get"]["parameters"][0]["description"].as_str().unwrap();
    assert!(about.starts_with("The annotation requests: at most 7 different ones. "), "{about}");
}

#[test]
fn the_document_has_every_operation_of_the_page_for_developers() {
    let page = include_str!("../../../../docs/API.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| [`")?.split_once('`'));
    let documented: BTreeSet<_> = rows.map(|(operation, _)| operation.to_owned()).collect();
    let document: Value = serde_json::from_str(&openapi_json(&ApiSettings::default()).unwrap()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{annotationRequestId}", "{id}");
        let methods = item.as_object().unwrap().keys();
        described.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    described.retain(|operation| !operation.contains(" /health/") && !operation.ends_with(OPENAPI));
    assert_eq!(described, documented);
}

#[test]
fn the_schemas_have_the_fields_of_the_examples() {
    let document: Value = serde_json::from_str(&openapi_json(&ApiSettings::default()).unwrap()).unwrap();
    let schemas = &document["components"]["schemas"];
    let row: Value = serde_json::from_str::<Value>(EXAMPLE).unwrap()["data"]["data"][0].clone();
    holds(&schemas["Statistics"], &row);
    for (schema, example) in [
        ("StatisticsEnvelope", EXAMPLE),
        ("SummaryEnvelope", SUMMARY_EXAMPLE),
        ("ScheduleEnvelope", SCHEDULE),
        ("AnnotationRequestEnvelope", ANNOTATION_REQUEST_EXAMPLE),
        ("TaskEnvelope", TASK),
        ("RecordedEnvelope", RECORDED),
        ("DeletedEnvelope", DELETED_TASKS),
        ("TaxonomyEnvelope", TAXONOMY),
        ("ConformanceEnvelope", CONFORMANCE),
        ("ReconciliationEnvelope", RECONCILIATION),
        ("StatementEnvelope", STATEMENT),
        ("StatementsEnvelope", STATEMENTS),
        ("KeysEnvelope", STATEMENT_KEYS),
        ("Refusal", HICCUP),
    ] {
        let example: Value = serde_json::from_str(example).unwrap();
        holds(&schemas[schema], &example);
        if !example["data"].is_null() {
            holds(&schemas[schema]["properties"]["data"], &example["data"]);
        }
    }
}

#[test]
fn the_schemas_of_sums_have_the_fields_of_the_example() {
    let document: Value = serde_json::from_str(&openapi_json(&ApiSettings::default()).unwrap()).unwrap();
    let example: Value = serde_json::from_str(SUMMARY_EXAMPLE).unwrap();
    for (schema, list) in [
        ("OperationItemSum", "operationItems"),
        ("PoolTypeSums", "poolTypes"),
        ("StatusSums", "statuses"),
        ("RequestSums", "requests"),
    ] {
        holds(&document["components"]["schemas"][schema], &example["data"][list][0]);
    }
}

/// Fields that only some responses have: of some summaries, and of a taxonomy that has operators.
const OF_SOME_RESPONSES: [&str; 4] = ["filter", "label", "operationItemParts", "source"];

/// The schema has the fields of the example, needs all of them and knows no others.
fn holds(schema: &Value, example: &Value) {
    let is_of_all = |name: &&str| !OF_SOME_RESPONSES.contains(name);
    let fields: BTreeSet<_> = example.as_object().unwrap().keys().map(String::as_str).filter(is_of_all).collect();
    let required: BTreeSet<_> =
        schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let described = schema["properties"].as_object().unwrap().keys().map(String::as_str);
    let described: BTreeSet<_> = described.filter(is_of_all).collect();
    assert_eq!((&required, &described), (&fields, &fields));
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn a_row_that_is_sent_is_described_without_its_campaign_and_may_have_other_fields() {
    let document: Value = serde_json::from_str(&openapi_json(&ApiSettings::default()).unwrap()).unwrap();
    let [returned, sent] = ["Statistics", "Row"].map(|name| &document["components"]["schemas"][name]);
    let mut properties = returned["properties"].clone();
    properties.as_object_mut().unwrap().remove("campaignId");
    let mut described = sent["properties"].clone();
    for optional in ["sourceName", "itemKinds"] {
        assert!(described.as_object_mut().unwrap().remove(optional).is_some(), "{optional}");
    }
    assert_eq!((&described, &sent["additionalProperties"]), (&properties, &Value::Null));
    let without_campaign: Vec<_> =
        returned["required"].as_array().unwrap().iter().filter(|name| **name != "campaignId").collect();
    assert_eq!(sent["required"].as_array().unwrap().iter().collect::<Vec<_>>(), without_campaign);
}
