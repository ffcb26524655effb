//! The sums in the `OpenAPI` document.

use crate::ApiSettings;
use crate::openapi::document::{COUNTING_RULE_ABOUT, IF_NONE_MATCH_ABOUT, REFUSED_QUESTIONS, ids, weak_etag};
use crate::openapi::query::MIN_REVISION_ABOUT;
use crate::openapi::responses::{answer, header, responses, stamped};
use crate::openapi::schemas::{count, envelope, number, object, pool_type, text};
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, SchemaType, Type};
use utoipa::openapi::{Array, KnownFormat, ObjectBuilder, Ref, RefOr, Schema};

const SUMMARY_ENVELOPE: &str = "SummaryEnvelope";
const OF_ITEM: &str = "OperationItemSum";
const OF_POOL_TYPE: &str = "PoolTypeSums";
const OF_STATUS: &str = "StatusSums";
const OF_REQUEST: &str = "RequestSums";

const ABOUT: &str = "The sums over all tasks of the asked annotation requests, of one moment, at the same cost for a million \
    tasks as for a thousand. There are no pages.";
const KIND_ABOUT: &str = "What its counts are; null where the tasks do not tell.";

pub(crate) fn summary(settings: &ApiSettings) -> OperationBuilder {
    let found = described(answer("The sums", SUMMARY_ENVELOPE)).build();
    let known = described(stamped("The client has this answer already; no body")).build();
    OperationBuilder::new()
        .operation_id(Some("getSummary"))
        .summary(Some("Sums over annotation requests"))
        .description(Some(format!("{ABOUT} {IF_NONE_MATCH_ABOUT} {MIN_REVISION_ABOUT}")))
        .parameter(ids(settings))
        .responses(responses([("200", found), ("304", known)], &REFUSED_QUESTIONS))
}

fn described(answer: ResponseBuilder) -> ResponseBuilder {
    answer.header("ETag", weak_etag()).header("Counting-Rule", header(COUNTING_RULE_ABOUT, text()))
}

pub(crate) fn with_sums(components: ComponentsBuilder) -> ComponentsBuilder {
    let [tasks, instances, attributes, frames] = sums();
    let summary = object([
        tasks,
        instances,
        attributes,
        frames,
        ("operationItems", list(OF_ITEM)),
        ("poolTypes", list(OF_POOL_TYPE)),
        ("statuses", list(OF_STATUS)),
        ("requests", list(OF_REQUEST)),
    ]);
    components
        .schema(SUMMARY_ENVELOPE, envelope(summary, true))
        .schema(OF_ITEM, of_item())
        .schema(OF_POOL_TYPE, with(pool_type(), "poolType"))
        .schema(OF_STATUS, with(number(KnownFormat::Int32), "status"))
        .schema(OF_REQUEST, of_request())
}

fn of_item() -> ObjectBuilder {
    let kind = text_or_null().enum_values(Some([Some("slot"), Some("input"), None]));
    object([
        ("key", text().into()),
        ("kind", kind.description(Some(KIND_ABOUT)).into()),
        ("count", sum("How many there are.").into()),
        ("taskNum", count("Tasks that have any.").into()),
    ])
}

fn with(part: ObjectBuilder, name: &'static str) -> ObjectBuilder {
    let [tasks, instances, attributes, frames] = sums();
    object([(name, part.into()), tasks, instances, attributes, frames])
}

fn of_request() -> ObjectBuilder {
    let [tasks, instances, attributes, frames] = sums();
    object([
        ("annotationRequestId", text().into()),
        ("campaignId", text().into()),
        ("countingRule", text_or_null().into()),
        tasks,
        instances,
        attributes,
        frames,
    ])
}

fn sums() -> [(&'static str, RefOr<Schema>); 4] {
    [
        ("taskNum", count("Tasks.").into()),
        ("instanceNum", sum("Instances of all tasks.").into()),
        ("attributeNum", sum("Attributes of all tasks.").into()),
        ("frameNum", sum("Frames of all tasks.").into()),
    ]
}

/// A sum of 64-bit numbers may need more than 64 bits.
fn sum(about: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)).minimum(Some(0)).description(Some(about))
}

fn text_or_null() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]))
}

fn list(of: &str) -> RefOr<Schema> {
    Array::new(Ref::from_schema_name(of)).into()
}
