//! Schemas of the fields of a row, which is declared twice: in requests and in responses.

use crate::response::schema::types::{bounded, count, number, text, text_or_null};
use annotation_statistics_domain::{OperationItemKey, OperatorKind, PoolName, SourceName};
use serde_json::json;
use utoipa::openapi::{KnownFormat, ObjectBuilder};

const ID_ABOUT: &str = "The task. Up to 19 digits: JavaScript needs a parser that reads large numbers as BigInt.";
const STATUS_ABOUT: &str = "The status of the task: 0 creation failed, 1 created, 2/3/4 annotation waiting/in \
    progress/completed, 5/6 review waiting/in progress, 8/9/10 quality control waiting/in progress/completed, 11 labels \
    approved, 16/17 OpenLABEL conversion completed/failed. Platforms add codes.";
const POOL_TYPE_ABOUT: &str = "0 distribution, 1 annotation, 2 check, 3 sampling, 4 algorithm, 5 complete.";
const INSTANCE_INFO_ABOUT: &str = "Operation item key -> how many there are of it, attributes included; in byte order of \
    the keys, which are opaque.";
const SOURCE_NAME_ABOUT: &str = "What the task was made of: the name of an image, a video, an item or a file. The first that \
    a task is given stays; another one is a conflict.";
const ITEM_KINDS_ABOUT: &str = "What operation items make: a slot makes instances, an input attributes. It holds for all of the \
    annotation request; another kind than the first is a conflict.";

const OPERATOR_KIND_ABOUT: &str = "A slot is drawn, at the top; slotChildren are drawn as parts of what is drawn; an input is \
    filled in. Slots and slotChildren are counted as instances, inputs as attributes.";

pub(crate) fn task_id() -> ObjectBuilder {
    number(KnownFormat::Int64).description(Some(ID_ABOUT))
}

pub(crate) fn task_status() -> ObjectBuilder {
    number(KnownFormat::Int32).description(Some(STATUS_ABOUT))
}

pub(crate) fn pool_name() -> ObjectBuilder {
    bounded(PoolName::MAX_BYTES).description(Some("Name of the pool that the task is in now."))
}

pub(crate) fn pool_type() -> ObjectBuilder {
    number(KnownFormat::Int32).description(Some(POOL_TYPE_ABOUT)).enum_values(Some(0..=5))
}

pub(crate) fn instance_info() -> ObjectBuilder {
    ObjectBuilder::new()
        .description(Some(INSTANCE_INFO_ABOUT))
        .property_names(Some(bounded(OperationItemKey::MAX_BYTES).build()))
        .additional_properties(Some(count().description(Some("How many there are."))))
        .examples([json!({"0e767bcb-7480-4e85-bbe8-439fe7871104": 11, "select-[e000f]": 44})])
}

pub(crate) fn item_kinds() -> ObjectBuilder {
    ObjectBuilder::new()
        .description(Some(ITEM_KINDS_ABOUT))
        .property_names(Some(bounded(OperationItemKey::MAX_BYTES).build()))
        .additional_properties(Some(text().enum_values(Some(["slot", "input"]))))
}

pub(crate) fn item_key() -> ObjectBuilder {
    bounded(OperationItemKey::MAX_BYTES).description(Some("The key of the operation item, as in `instanceInfo`."))
}

pub(crate) fn operator_kind() -> ObjectBuilder {
    text().enum_values(Some(OperatorKind::ALL.map(OperatorKind::name))).description(Some(OPERATOR_KIND_ABOUT))
}

pub(crate) fn instance_num() -> ObjectBuilder {
    count().description(Some("Instances: the sum over the keys whose item is a slot."))
}

pub(crate) fn attribute_num() -> ObjectBuilder {
    count().description(Some("Attributes: the sum over the keys whose item is an input."))
}

pub(crate) fn frame_num() -> ObjectBuilder {
    count().description(Some("Frames of the task."))
}

pub(crate) fn source_name() -> ObjectBuilder {
    text_or_null().description(Some(SOURCE_NAME_ABOUT))
}

pub(crate) fn given_source_name() -> ObjectBuilder {
    source_name().min_length(Some(1)).max_length(Some(SourceName::MAX_BYTES)).pattern(Some(r"^[^\u0000]+$"))
}
