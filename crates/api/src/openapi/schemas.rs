//! The shapes of what the `OpenAPI` document describes.

use crate::ApiSettings;
use crate::openapi::query::{QUERY, query_schema};
use crate::openapi::summary::with_sums;
use crate::openapi::write_schemas::with_writes;
use annotation_statistics_domain::{CampaignId, OperationItemKey, PoolName};
use utoipa::openapi::schema::{AdditionalProperties, Components, ComponentsBuilder, SchemaType, Type};
use utoipa::openapi::{Array, KnownFormat, Object, ObjectBuilder, Ref, RefOr, Schema, SchemaFormat};

pub(crate) const STATISTICS_ENVELOPE: &str = "StatisticsEnvelope";
pub(crate) const HEALTH_ENVELOPE: &str = "HealthEnvelope";
pub(crate) const REFUSAL: &str = "Refusal";
const ROW: &str = "Statistics";

const ROW_ABOUT: &str = "What was annotated in one task. The counts of `instanceInfo` add up to `instanceNum` + \
    `attributeNum`.";
const ID_ABOUT: &str = "The task. Up to 19 digits: JavaScript needs a parser that reads large numbers as BigInt.";
const STATUS_ABOUT: &str = "Where the task stands: 0 creation failed, 1 created, 2/3/4 annotation waiting/in \
    progress/completed, 5/6 review waiting/in progress, 8/9/10 quality control waiting/in progress/completed, 11 labels \
    approved, 16/17 OpenLABEL conversion completed/failed. Platforms add codes.";
const POOL_TYPE_ABOUT: &str = "0 distribution, 1 annotation, 2 check, 3 sampling, 4 algorithm, 5 complete.";
const INSTANCE_INFO_ABOUT: &str = "Operation item key -> how many there are of it, attributes included; in byte order of \
    the keys, which are opaque.";

pub(crate) fn components(settings: &ApiSettings) -> Components {
    let page = object([
        ("count", count("Rows over all pages of the asked requests, exact.").into()),
        ("data", Array::new(Ref::from_schema_name(ROW)).into()),
    ]);
    let health = object([("status", text().enum_values(Some(["live", "ready", "read-only"])).into())]);
    with_sums(with_writes(ComponentsBuilder::new()))
        .schema(QUERY, query_schema(settings))
        .schema(ROW, row())
        .schema(STATISTICS_ENVELOPE, envelope(page, true))
        .schema(HEALTH_ENVELOPE, envelope(health, true))
        .schema(REFUSAL, envelope(ObjectBuilder::new().schema_type(Type::Null), false))
        .build()
}

/// The nine fields of a row.
pub(crate) fn row() -> ObjectBuilder {
    let counts = ObjectBuilder::new()
        .description(Some(INSTANCE_INFO_ABOUT))
        .property_names(Some(bounded(OperationItemKey::MAX_BYTES).build()))
        .additional_properties(Some(count("How many there are.")))
        .examples([serde_json::json!({"0e767bcb-7480-4e85-bbe8-439fe7871104": 11, "select-[e000f]": 44})]);
    object([
        ("id", number(KnownFormat::Int64).description(Some(ID_ABOUT)).into()),
        ("status", number(KnownFormat::Int32).description(Some(STATUS_ABOUT)).into()),
        ("campaignId", bounded(CampaignId::MAX_BYTES).description(Some("The campaign.")).into()),
        (
            "poolName",
            bounded(PoolName::MAX_BYTES).description(Some("Name of the pool that the task is in now.")).into(),
        ),
        ("poolType", pool_type().into()),
        ("instanceInfo", counts.into()),
        ("instanceNum", count("Instances: the sum over the keys whose item is a slot.").into()),
        ("attributeNum", count("Attributes: the sum over the keys whose item is an input.").into()),
        ("frameNum", count("Frames of the task.").into()),
    ])
    .description(Some(ROW_ABOUT))
}

pub(crate) fn pool_type() -> ObjectBuilder {
    number(KnownFormat::Int32).description(Some(POOL_TYPE_ABOUT)).enum_values(Some(0..=5))
}

pub(crate) fn envelope(data: impl Into<RefOr<Schema>>, success: bool) -> ObjectBuilder {
    let moment = text().pattern(Some(r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"));
    let success = ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([success]));
    object([
        ("code", number(KnownFormat::Int32).into()),
        ("message", text().into()),
        ("data", data.into()),
        ("date", moment.description(Some("When the request arrived, UTC.")).into()),
        ("requestId", trace_id().description(Some("The W3C trace id of the request.")).into()),
        ("success", success.into()),
    ])
}

/// An object with exactly these fields.
pub(crate) fn object<const FIELDS: usize>(fields: [(&str, RefOr<Schema>); FIELDS]) -> ObjectBuilder {
    let closed = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)));
    fields.into_iter().fold(closed, |object, (name, schema)| object.property(name, schema).required(name))
}

pub(crate) fn trace_id() -> ObjectBuilder {
    text().pattern(Some("^[0-9a-f]{32}$"))
}

pub(crate) fn text() -> ObjectBuilder {
    ObjectBuilder::from(Object::with_type(Type::String))
}

/// A text of a bounded size. The schema measures it in characters; the rule is about bytes, and there are never more
/// characters than bytes.
pub(crate) fn bounded(max: usize) -> ObjectBuilder {
    text().min_length(Some(1)).max_length(Some(max)).pattern(Some(r"^[^\u0000]+$"))
}

pub(crate) fn number(format: KnownFormat) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::Integer)).format(Some(SchemaFormat::KnownFormat(format)))
}

pub(crate) fn count(about: &str) -> ObjectBuilder {
    number(KnownFormat::Int64).minimum(Some(0)).maximum(Some(i64::MAX.unsigned_abs())).description(Some(about))
}
