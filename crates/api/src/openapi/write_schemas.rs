//! The shapes of what is written, and of its answers.

use crate::openapi::schemas::{bounded, count, envelope, number, object, row, text};
use annotation_statistics_domain::{CampaignId, CountingRuleName, OperationItemKey, SourceName};
use serde_json::{Value, json};
use utoipa::openapi::schema::{ComponentsBuilder, SchemaType, Type};
use utoipa::openapi::{Array, KnownFormat, ObjectBuilder, Schema};

pub(crate) const ANNOTATION_REQUEST_ENVELOPE: &str = "AnnotationRequestEnvelope";
pub(crate) const RECORDED_ENVELOPE: &str = "RecordedEnvelope";
pub(crate) const DELETED_ENVELOPE: &str = "DeletedEnvelope";
pub(crate) const NEW_REQUEST: &str = "NewAnnotationRequest";
pub(crate) const NAMED_TASKS_ENVELOPE: &str = "NamedTasksEnvelope";
pub(crate) const TASK_ENVELOPE: &str = "TaskEnvelope";
pub(crate) const ROW: &str = "Row";

pub(crate) const EXAMPLE_ID: &str = "7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b";

const RULE_ABOUT: &str = "By which rule its instances are counted; null where nobody stated one.";
const GIVEN_ROW_ABOUT: &str = "What was annotated in one task. The counts of `instanceInfo` add up to `instanceNum` + \
    `attributeNum`. `campaignId` may be there, if it is that of the annotation request; other fields are ignored.";
const SOURCE_NAME_ABOUT: &str = "What the task was made of: the name of an image, a video, an item or a file. The first that \
    a task is given stays; another one is a conflict.";
const ITEM_KINDS_ABOUT: &str = "What operation items make: a slot makes instances, an input attributes. It holds for all of the \
    annotation request; another kind than the first is a conflict.";
const RULE_PATTERN: &str = "^[A-Za-z0-9._/-]{1,64}$";

pub(crate) fn with_writes(components: ComponentsBuilder) -> ComponentsBuilder {
    let recorded = object([
        ("inserted", count("Tasks that are new.").into()),
        ("updated", count("Tasks that were there and are different now.").into()),
        ("unchanged", count("Tasks that already stood as given.").into()),
    ]);
    let deleted = object([("deletedTasks", count("Tasks that are gone.").into())]);
    components
        .schema(ANNOTATION_REQUEST_ENVELOPE, envelope(request(), true))
        .schema(TASK_ENVELOPE, envelope(task(), true))
        .schema(NAMED_TASKS_ENVELOPE, envelope(named_tasks(), true))
        .schema(RECORDED_ENVELOPE, envelope(recorded, true))
        .schema(DELETED_ENVELOPE, envelope(deleted, true))
        .schema(NEW_REQUEST, new_request())
        .schema(ROW, given_row())
}

fn request() -> ObjectBuilder {
    let rule = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
    let time = || text().format(Some(utoipa::openapi::SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    object([
        ("id", text().into()),
        ("campaignId", text().description(Some("The campaign that it belongs to.")).into()),
        ("taskCount", count("How many tasks it has.").into()),
        ("countingRule", rule.description(Some(RULE_ABOUT)).into()),
        ("revision", number(KnownFormat::Int64).description(Some("Another one after each change.")).into()),
        ("createdAt", time().into()),
        ("updatedAt", time().into()),
    ])
}

fn named_tasks() -> ObjectBuilder {
    object([
        ("count", count("Tasks of this name, also those that are not shown.").into()),
        ("data", Array::new(task()).into()),
    ])
}

fn task() -> ObjectBuilder {
    let name = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
    row().property("sourceName", name.description(Some(SOURCE_NAME_ABOUT))).required("sourceName")
}

fn new_request() -> ObjectBuilder {
    let rule = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
    let about = "By which rule its instances are counted. It may be given later, as long as there are no tasks.";
    let campaign = bounded(CampaignId::MAX_BYTES);
    ObjectBuilder::new()
        .property("campaignId", campaign.description(Some("The campaign that it belongs to, for good.")))
        .required("campaignId")
        .property("countingRule", rule.pattern(Some(RULE_PATTERN)).description(Some(about)))
        .examples([json!({ "campaignId": "1001", "countingRule": CountingRuleName::OBJECTS_2.as_str() })])
}

/// A row as it is answered, but for its campaign, which is known from the request, and there may be other fields.
fn given_row() -> ObjectBuilder {
    let mut given = row().additional_properties(None::<Schema>).build();
    given.required.retain(|name| name != "campaignId");
    given.properties.remove("campaignId");
    let name = ObjectBuilder::new().schema_type(SchemaType::from_iter([Type::String, Type::Null]));
    let name = name.min_length(Some(1)).max_length(Some(SourceName::MAX_BYTES)).pattern(Some(r"^[^\u0000]+$"));
    let kinds = ObjectBuilder::new()
        .property_names(Some(bounded(OperationItemKey::MAX_BYTES).build()))
        .additional_properties(Some(text().enum_values(Some(["slot", "input"]))));
    ObjectBuilder::from(given)
        .property("sourceName", name.description(Some(SOURCE_NAME_ABOUT)))
        .property("itemKinds", kinds.description(Some(ITEM_KINDS_ABOUT)))
        .description(Some(GIVEN_ROW_ABOUT))
}

/// A row that is right, which no schema says of sums.
pub(crate) fn example_row() -> Value {
    json!({
        "id": 7, "status": 11, "poolName": "complete pool", "poolType": 5, "instanceInfo": { "car": 2, "car/color": 1 },
        "instanceNum": 2, "attributeNum": 1, "frameNum": 1, "sourceName": "a.jpg",
        "itemKinds": { "car": "slot", "car/color": "input" }
    })
}
