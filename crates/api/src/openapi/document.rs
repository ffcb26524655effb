//! The `OpenAPI` document.

use crate::ApiSettings;
use crate::ResponseCode;
use crate::openapi::export::export;
use crate::openapi::query::{MIN_REVISION_ABOUT, query};
use crate::openapi::responses::{answer, header, responses, stamped};
use crate::openapi::schemas::{HEALTH_ENVELOPE, STATISTICS_ENVELOPE, bounded, components, number, text};
use crate::openapi::security::declare_access_keys;
use crate::openapi::summary::summary;
use crate::openapi::writes;
use crate::parameters::ANNOTATION_REQUEST_ID;
use crate::parameters::{DEFAULT_LIMIT, LIMIT, OFFSET};
use crate::paths::{
    ANNOTATION_REQUEST, EXPORT, HEALTH_LIVE, HEALTH_READY, ITS_STATISTICS, ITS_TASK, OPENAPI, STATISTICS,
    STATISTICS_QUERY, SUMMARY,
};
use annotation_statistics_domain::AnnotationRequestId;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{
    ArrayBuilder, Content, InfoBuilder, KnownFormat, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem,
    PathsBuilder, Required,
};

const LICENSE: &str = env!("CARGO_PKG_LICENSE");
const ABOUT: &str = "Answers what was annotated in the tasks of annotation requests, and records it. Every answer is an envelope of six \
    fields. HEAD works wherever GET does.";
const STATISTICS_ABOUT: &str = "One row for each task of the asked annotation requests: the requests in the order \
    given, within a request the tasks in the order in which they were first recorded. A page past the end is empty.";
const IDS_ABOUT: &str = "Each of at most 255 bytes of UTF-8. The spellings \
    `annotationRequestId[]` and `annotationRequestId[0]` mean the same list. A comma is part of an id. Duplicates count \
    once; the order given is the order answered.";
const LINK_ABOUT: &str = "The first, previous, next and last page with the effective limit (RFC 8288).";
pub(crate) const COUNTING_RULE_ABOUT: &str = "By which rules the asked requests are counted, each once; `unstated` for those without \
    one, `various` for very many.";
const EFFECTIVE_LIMIT_ABOUT: &str = "The limit that a larger one was lowered to; not there otherwise.";
/// In words, as for a condition of a change.
pub(crate) const IF_NONE_MATCH_ABOUT: &str =
    "With the `ETag` of an answer in `If-None-Match` it is 304 as long as that is right.";
const ETAG_ABOUT: &str = "Changes exactly when `data` may; weak.";

/// The `OpenAPI` 3.1 document of an interface with these settings, as it is served where requests need an access key.
///
/// # Errors
/// When it cannot be written as JSON: a bug.
pub fn openapi_json(settings: &ApiSettings) -> Result<String, serde_json::Error> {
    let mut document = openapi(settings);
    declare_access_keys(&mut document);
    json(&document)
}

/// The same where anybody may ask.
pub(crate) fn open_openapi_json(settings: &ApiSettings) -> Result<String, serde_json::Error> {
    json(&openapi(settings))
}

fn json(document: &OpenApi) -> Result<String, serde_json::Error> {
    let mut document = document.to_pretty_json()?;
    document.push('\n');
    Ok(document)
}

fn openapi(settings: &ApiSettings) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Annotation statistics")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name(LICENSE).identifier(Some(LICENSE)).build()));
    let under = |path: &str| format!("{}{path}", settings.base_path);
    let paths = PathsBuilder::new()
        .path(under(STATISTICS), get(statistics(settings)))
        .path(under(STATISTICS_QUERY), PathItem::new(HttpMethod::Post, query()))
        .path(under(SUMMARY), get(summary(settings)))
        .path(under(EXPORT), get(export(settings)))
        .path(under(ANNOTATION_REQUEST), writes::request())
        .path(under(ITS_STATISTICS), writes::its_statistics(settings))
        .path(under(ITS_TASK), writes::its_task())
        .path(HEALTH_LIVE, get(health("isLive", "Whether the process runs", &[])))
        .path(HEALTH_READY, get(health("isReady", "Whether questions can be answered now", &UNHEALTHY)))
        .path(OPENAPI, get(document()));
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components(settings))).build()
}

const UNHEALTHY: [ResponseCode; 2] = [ResponseCode::Broken, ResponseCode::Unavailable];

fn get(operation: OperationBuilder) -> PathItem {
    let operation: Operation = operation.build();
    PathItem::new(HttpMethod::Get, operation)
}

fn statistics(settings: &ApiSettings) -> OperationBuilder {
    let found = page_of_rows().header("Link", header(LINK_ABOUT, text()));
    let answers = [("200", found.build()), ("304", page_is_known().build())];
    OperationBuilder::new()
        .operation_id(Some("getStatistics"))
        .summary(Some("Statistics of annotation requests"))
        .description(Some(format!("{STATISTICS_ABOUT} {IF_NONE_MATCH_ABOUT} {MIN_REVISION_ABOUT}")))
        .parameter(ids(settings))
        .parameter(offset())
        .parameter(limit(settings))
        .responses(responses(answers, &REFUSED_QUESTIONS))
}

/// What a question about statistics may come to.
pub(crate) const REFUSED_QUESTIONS: [ResponseCode; 6] = [
    ResponseCode::InvalidParameter,
    ResponseCode::UnknownAnnotationRequest,
    ResponseCode::MethodNotAllowed,
    ResponseCode::PayloadTooLarge,
    ResponseCode::Broken,
    ResponseCode::Unavailable,
];

pub(crate) fn page_of_rows() -> ResponseBuilder {
    described(answer("A page of rows", STATISTICS_ENVELOPE))
}

pub(crate) fn page_is_known() -> ResponseBuilder {
    described(stamped("The client has this answer already; no body"))
}

fn described(answer: ResponseBuilder) -> ResponseBuilder {
    answer
        .header("ETag", weak_etag())
        .header("Counting-Rule", header(COUNTING_RULE_ABOUT, text()))
        .header("Effective-Limit", header(EFFECTIVE_LIMIT_ABOUT, number(KnownFormat::Int32).minimum(Some(1))))
}

pub(crate) fn weak_etag() -> Header {
    header(ETAG_ABOUT, text().pattern(Some("^W/\"[0-9a-f]{32}-[0-9]+\"$")))
}

pub(crate) fn ids(settings: &ApiSettings) -> ParameterBuilder {
    // The text of a JSON schema is measured in characters; the rule of the bytes stands in the description.
    let id = bounded(AnnotationRequestId::MAX_BYTES);
    // No maximum of items: duplicates count once, so a longer list may be right.
    let list = ArrayBuilder::new().items(id).min_items(Some(1));
    let about = format!("The annotation requests: at most {} different ones. {IDS_ABOUT}", settings.max_ids);
    parameter(ANNOTATION_REQUEST_ID, &about)
        .required(Required::True)
        .style(Some(ParameterStyle::Form))
        .explode(Some(true))
        .schema(Some(list))
        .example(Some(serde_json::json!(["7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b"])))
}

fn offset() -> ParameterBuilder {
    parameter(OFFSET, "The page number, from 1.").schema(Some(positive().default(Some(1.into()))))
}

fn limit(settings: &ApiSettings) -> ParameterBuilder {
    let about = format!("Rows per page; above {0} it is lowered to {0}.", settings.max_limit);
    parameter(LIMIT, &about).schema(Some(positive().default(Some(DEFAULT_LIMIT.into()))))
}

pub(crate) fn positive() -> ObjectBuilder {
    number(KnownFormat::Int64).minimum(Some(1)).maximum(Some(i64::MAX.unsigned_abs()))
}

pub(crate) fn parameter(name: &str, about: &str) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(about))
}

fn health(id: &str, summary: &str, refusals: &[ResponseCode]) -> OperationBuilder {
    let healthy = answer("Yes", HEALTH_ENVELOPE).build();
    let refusals = [&[ResponseCode::MethodNotAllowed, ResponseCode::PayloadTooLarge], refusals].concat();
    OperationBuilder::new()
        .operation_id(Some(id))
        .summary(Some(summary))
        .responses(responses([("200", healthy)], &refusals))
}

fn document() -> OperationBuilder {
    let document = stamped("This document").content("application/json", Content::new(Some(ObjectBuilder::new())));
    let refusals = [ResponseCode::MethodNotAllowed, ResponseCode::PayloadTooLarge];
    OperationBuilder::new()
        .operation_id(Some("getOpenApi"))
        .summary(Some("This document"))
        .responses(responses([("200", document.build())], &refusals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{
        ANNOTATION_REQUEST as ANNOTATION_REQUEST_EXAMPLE, DELETED_TASKS, RECORDED, STATISTICS as EXAMPLE,
        SUMMARY as SUMMARY_EXAMPLE, TASK, get, uncalled,
    };
    use crate::{BasePath, test_support::HICCUP};
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn the_document_in_the_repository_is_that_of_the_code() {
        let kept = include_str!("../../../../docs/openapi.json");
        let made = openapi_json(&ApiSettings::default()).unwrap();
        assert!(kept == made, "run: cargo run -p annotation-statistics-api --example openapi > docs/openapi.json");
    }

    #[actix_web::test]
    async fn the_document_is_served_with_the_settings_of_the_service() {
        let answer = get(uncalled(), "/openapi.json").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        assert_eq!(answer.text(), open_openapi_json(&uncalled().settings).unwrap());
        let document: Value = serde_json::from_str(answer.text()).unwrap();
        assert!(document["paths"]["/rosetta-open/statistics"]["get"].is_object());
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
        let told: BTreeSet<_> = rows.map(|(operation, _)| operation.to_owned()).collect();
        let document: Value = serde_json::from_str(&openapi_json(&ApiSettings::default()).unwrap()).unwrap();
        let mut described = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let path = path.replace("{annotationRequestId}", "{id}");
            let methods = item.as_object().unwrap().keys();
            described.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
        }
        described.retain(|operation| !operation.contains(" /health/") && !operation.ends_with(OPENAPI));
        assert_eq!(described, told);
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
            ("AnnotationRequestEnvelope", ANNOTATION_REQUEST_EXAMPLE),
            ("TaskEnvelope", TASK),
            ("RecordedEnvelope", RECORDED),
            ("DeletedEnvelope", DELETED_TASKS),
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

    /// The schema has the fields of the example, needs all of them and knows no others.
    fn holds(schema: &Value, example: &Value) {
        let fields: BTreeSet<_> = example.as_object().unwrap().keys().map(String::as_str).collect();
        let required: BTreeSet<_> =
            schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let described: BTreeSet<_> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!((&required, &described), (&fields, &fields));
        assert_eq!(schema["additionalProperties"], false);
    }

    #[test]
    fn a_row_that_is_sent_is_described_without_its_campaign_and_may_have_other_fields() {
        let document: Value = serde_json::from_str(&openapi_json(&ApiSettings::default()).unwrap()).unwrap();
        let [answered, sent] = ["Statistics", "Row"].map(|name| &document["components"]["schemas"][name]);
        let mut properties = answered["properties"].clone();
        properties.as_object_mut().unwrap().remove("campaignId");
        let mut described = sent["properties"].clone();
        for optional in ["sourceName", "itemKinds"] {
            assert!(described.as_object_mut().unwrap().remove(optional).is_some(), "{optional}");
        }
        assert_eq!((&described, &sent["additionalProperties"]), (&properties, &Value::Null));
        let without_campaign: Vec<_> =
            answered["required"].as_array().unwrap().iter().filter(|name| **name != "campaignId").collect();
        assert_eq!(sent["required"].as_array().unwrap().iter().collect::<Vec<_>>(), without_campaign);
    }
}
