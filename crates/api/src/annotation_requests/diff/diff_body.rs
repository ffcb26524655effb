//! What differs between two states, as clients see it.

use crate::annotation_requests::diff::comparing::Compared;
use crate::annotation_requests::diff::sides::Sides;
use crate::http::RequestContext;
#[cfg(feature = "openapi")]
use crate::response::schema::{self, CountNumber, DeltaNumber, OperationItemKeyText, SumNumber, schema_types, text};
use crate::response::{ApiError, COUNTING_RULE, Envelope, REVISION, envelope};
use actix_web::HttpResponse;
use annotation_statistics_domain::{Revision, StatementName};
use annotation_statistics_statements::{
    FirstLines, ItemDelta, KeptLine, SideSums, SumsDelta, SumsEnvelope, TaskCounts,
};
use serde::Serialize;
use utoipa::ToSchema;

/// About the size of a body without its lines, and of one of them, in bytes.
const BODY_BYTES: usize = 1_500;
const LINE_BYTES: usize = 500;

#[cfg(feature = "openapi")]
schema_types! {
    LinesBytes = text();
    FlagName = text().enum_values(Some(["added", "removed", "changed", "delivered", "reopened", "reworked"]));
    ItemKindName = text().enum_values(Some(["slot", "input"]));
}

// What differs; of a page behind the first one, its tasks alone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Diff)]
pub(super) struct DiffBody<'a> {
    /// How many tasks there are of each kind. Only on the first page, like all but `data` and `next`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = TaskCountsBody, required = false)]
    tasks: Option<&'a TaskCounts>,
    /// The earlier state.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    from: Option<StateBody<'a>>,
    /// The later state.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    to: Option<StateBody<'a>>,
    /// Later - earlier, over all tasks, in exact integers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = SumsDeltaBody, required = false)]
    delta: Option<&'a SumsDelta>,
    /// All operation items that either state has, in the byte order of their keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<ItemDeltaBody>, required = false)]
    operation_items: Option<&'a [ItemDelta]>,
    /// The tasks that differ, in ascending order of their ids.
    #[schema(value_type = Vec<LineBody>)]
    data: &'a [KeptLine],
    /// The `after` of the next page; null where there is none.
    #[schema(required)]
    next: Option<String>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct DiffEnvelope(#[schema(inline)] Envelope<'static, DiffBody<'static>>);

/// One of both states.
#[derive(Serialize, ToSchema)]
#[schema(as = DiffState)]
struct StateBody<'a> {
    /// The name of the statement; null where it is what was recorded when the comparison was made.
    #[schema(required)]
    statement: Option<&'a str>,
    /// The state of the annotation request.
    revision: i64,
    /// Over all tasks.
    #[schema(value_type = SumsBody)]
    total: &'a SumsEnvelope,
    /// Over the tasks in the complete pool.
    #[schema(value_type = SumsBody)]
    delivered: &'a SumsEnvelope,
}

impl<'a> StateBody<'a> {
    fn new(statement: Option<&'a StatementName>, revision: Revision, sums: &'a SideSums) -> Self {
        let SideSums { total, delivered } = sums;
        Self { statement: statement.map(StatementName::as_str), revision: revision.number(), total, delivered }
    }
}

// What follows is as the document describes it: the comparison, whose types these are, knows nothing of `OpenAPI`.
#[cfg(feature = "openapi")]
#[derive(ToSchema)]
#[schema(as = DiffSums, rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the fields of a row")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct SumsBody {
    /// Tasks.
    #[schema(inline, value_type = CountNumber)]
    task_num: u64,
    /// Instances in them.
    #[schema(inline, value_type = SumNumber)]
    instance_num: u128,
    /// Attributes in them.
    #[schema(inline, value_type = SumNumber)]
    attribute_num: u128,
    /// Frames of them.
    #[schema(inline, value_type = SumNumber)]
    frame_num: u128,
}

#[cfg(feature = "openapi")]
#[derive(ToSchema)]
#[schema(as = DiffDelta, rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the fields of a row")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct SumsDeltaBody {
    #[schema(inline, value_type = DeltaNumber)]
    task_num: i128,
    #[schema(inline, value_type = DeltaNumber)]
    instance_num: i128,
    #[schema(inline, value_type = DeltaNumber)]
    attribute_num: i128,
    #[schema(inline, value_type = DeltaNumber)]
    frame_num: i128,
}

/// `added` + `changed` + `unchanged` are the tasks of `to`, `removed` + `changed` + `unchanged` those of `from`.
#[cfg(feature = "openapi")]
#[derive(ToSchema)]
#[schema(as = DiffTasks)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct TaskCountsBody {
    /// Only in the later state.
    #[schema(inline, value_type = CountNumber)]
    added: u64,
    /// Only in the earlier state.
    #[schema(inline, value_type = CountNumber)]
    removed: u64,
    /// In both, and not the same.
    #[schema(inline, value_type = CountNumber)]
    changed: u64,
    /// In both, and the same.
    #[schema(inline, value_type = CountNumber)]
    unchanged: u64,
    /// In the complete pool, and not before.
    #[schema(inline, value_type = CountNumber)]
    delivered: u64,
    /// In the complete pool before, and not any more: moved to another one, or removed.
    #[schema(inline, value_type = CountNumber)]
    reopened: u64,
    /// In the complete pool in both, with other counts.
    #[schema(inline, value_type = CountNumber)]
    reworked: u64,
}

#[cfg(feature = "openapi")]
#[derive(ToSchema)]
#[schema(as = DiffItem)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct ItemDeltaBody {
    #[schema(inline, value_type = OperationItemKeyText)]
    key: String,
    /// The name for people, where the taxonomy gives it one.
    #[schema(required)]
    label: Option<String>,
    /// Null where it is unknown.
    #[schema(inline, required, value_type = Option<ItemKindName>)]
    kind: Option<String>,
    /// How many there were.
    #[schema(inline, value_type = SumNumber)]
    from: u128,
    /// How many there are.
    #[schema(inline, value_type = SumNumber)]
    to: u128,
    #[schema(inline, value_type = DeltaNumber)]
    delta: i128,
}

#[cfg(feature = "openapi")]
#[derive(ToSchema)]
#[schema(as = DiffLine)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct LineBody {
    #[schema(schema_with = schema::task_id)]
    id: i64,
    /// `added`, `removed` or `changed`; then perhaps `delivered`, `reopened` or `reworked`.
    #[schema(inline, value_type = Vec<FlagName>)]
    flags: Vec<String>,
    /// As it was; null where it was not.
    #[schema(required)]
    from: Option<TaskStateBody>,
    /// As it is; null where it is not.
    #[schema(required)]
    to: Option<TaskStateBody>,
}

#[cfg(feature = "openapi")]
#[derive(ToSchema)]
#[schema(as = DiffTaskState, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct TaskStateBody {
    /// What the task was made of, where that is known.
    #[schema(required = false)]
    source_name: String,
    #[schema(schema_with = schema::task_status)]
    status: i32,
    #[schema(schema_with = schema::pool_name)]
    pool_name: String,
    #[schema(schema_with = schema::pool_type)]
    pool_type: i16,
    #[schema(schema_with = schema::instance_info)]
    instance_info: (),
    #[schema(schema_with = schema::instance_num)]
    instance_num: i64,
    #[schema(schema_with = schema::attribute_num)]
    attribute_num: i64,
    #[schema(schema_with = schema::frame_num)]
    frame_num: i64,
}

/// The response with a page of tasks.
pub(super) fn page(
    context: &RequestContext,
    sides: &Sides,
    compared: &Compared<FirstLines>,
) -> Result<HttpResponse, ApiError> {
    let Compared { diff, lines, head } = compared;
    let from = |sums| StateBody::new(Some(&sides.from.name), sides.from.revision, sums);
    let to = |sums| StateBody::new(sides.to.as_ref().map(|to| &to.name), head.revision, sums);
    let diff = diff.as_ref();
    let body = DiffBody {
        tasks: diff.map(|diff| &diff.tasks),
        from: diff.map(|diff| from(&diff.from)),
        to: diff.map(|diff| to(&diff.to)),
        delta: diff.map(|diff| &diff.delta),
        operation_items: diff.map(|diff| diff.operation_items.as_slice()),
        data: lines.lines(),
        next: lines.lines().last().filter(|_| lines.has_more()).map(|line| line.id.to_string()),
    };
    let mut response = envelope::success(context, &body, BODY_BYTES + LINE_BYTES * body.data.len())?;
    let headers = response.headers_mut();
    headers.insert(COUNTING_RULE, head.counting_rule());
    headers.insert(REVISION, head.revision.number().into());
    Ok(response)
}
