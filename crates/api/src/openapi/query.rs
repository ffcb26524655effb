//! The query in a body, as the `OpenAPI` document describes it.

use crate::openapi::document::{IF_NONE_MATCH_ABOUT, REFUSED_QUESTIONS, page_is_known, page_of_rows};
use crate::openapi::responses::responses;
use crate::openapi::schemas::{bounded, number};
use crate::parameters::{DEFAULT_LIMIT, LIMIT, OFFSET};
use crate::statistics::ANNOTATION_REQUEST_IDS;
use crate::{ApiSettings, ResponseCode};
use annotation_statistics_domain::AnnotationRequestId;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::{ArrayBuilder, Content, KnownFormat, ObjectBuilder, Ref, RefOr, Required, Schema};

/// In words, as for a condition of a change.
pub(crate) const MIN_REVISION_ABOUT: &str = "With the `Revision` of a change in `Min-Revision`, the answer is not of an earlier \
    state, also where a replica answers that is behind.";

pub(crate) const QUERY: &str = "StatisticsQuery";

const ABOUT: &str = "The question of `GET /statistics` for more ids than a URL can have. It changes nothing. There is no \
    `Link`: walk by `count`.";

pub(crate) fn query() -> OperationBuilder {
    let refusals = [&REFUSED_QUESTIONS[..], &REFUSED_BODIES].concat();
    let answers = [("200", page_of_rows().build()), ("304", page_is_known().build())];
    OperationBuilder::new()
        .operation_id(Some("queryStatistics"))
        .summary(Some("Statistics of many annotation requests"))
        .description(Some(format!("{ABOUT} {IF_NONE_MATCH_ABOUT} {MIN_REVISION_ABOUT}")))
        .request_body(Some(json_body(QUERY)))
        .responses(responses(answers, &refusals))
}

/// What is refused wherever there is a body.
pub(crate) const REFUSED_BODIES: [ResponseCode; 2] = [ResponseCode::RequestTimeout, ResponseCode::UnsupportedMediaType];

pub(crate) fn json_body(schema: &str) -> RequestBody {
    let content = Content::new(Some(Ref::from_schema_name(schema)));
    RequestBodyBuilder::new().content("application/json", content).required(Some(Required::True)).build()
}

pub(crate) fn query_schema(settings: &ApiSettings) -> RefOr<Schema> {
    let id = bounded(AnnotationRequestId::MAX_BYTES);
    let about = format!(
        "The annotation requests: at most {} different ones, each of at most 255 bytes of UTF-8. Duplicates count once; \
         the order given is the order answered.",
        settings.max_query_ids
    );
    let page = || number(KnownFormat::Int64).minimum(Some(1)).maximum(Some(i64::MAX.unsigned_abs()));
    let limit = format!("Rows per page; above {0} it is lowered to {0}.", settings.max_limit);
    ObjectBuilder::new()
        .property(ANNOTATION_REQUEST_IDS, ArrayBuilder::new().items(id).min_items(Some(1)).description(Some(about)))
        .required(ANNOTATION_REQUEST_IDS)
        .property(OFFSET, page().default(Some(1.into())).description(Some("The page number, from 1.")))
        .property(LIMIT, page().default(Some(DEFAULT_LIMIT.into())).description(Some(limit)))
        .examples([serde_json::json!({
            ANNOTATION_REQUEST_IDS: ["7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b"], OFFSET: 1, LIMIT: 100
        })])
        .into()
}
