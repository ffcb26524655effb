//! What is found, as clients see it.

use crate::annotation_requests::rfc_3339;
use crate::response::Envelope;
#[cfg(feature = "openapi")]
use crate::response::schema::{self, CountNumber, SumNumber};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, ListedRequest, PoolName, PoolType, SourceName, TaskId,
    TaskPlace, TaskStatus,
};
use serde::Serialize;
use std::time::SystemTime;
use utoipa::ToSchema;

/// About the size of a row, in bytes.
pub(super) const ROW_BYTES: usize = 512;

// An annotation request, and the sums over its tasks.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedAnnotationRequest)]
struct RequestBody<'a> {
    #[schema(value_type = String)]
    id: &'a AnnotationRequestId,
    /// The campaign that it belongs to.
    #[schema(value_type = String)]
    campaign_id: &'a CampaignId,
    /// `empty`: it has no task; `open`: a task is not complete; `complete`.
    #[schema(value_type = String)]
    status: &'static str,
    /// Tasks.
    #[schema(inline, value_type = CountNumber)]
    task_num: u64,
    /// Of these, the tasks in the pool of complete ones.
    #[schema(inline, value_type = CountNumber)]
    complete_task_num: u64,
    /// Instances of all tasks.
    #[schema(inline, value_type = SumNumber)]
    instance_num: u128,
    /// Attributes of all tasks.
    #[schema(inline, value_type = SumNumber)]
    attribute_num: u128,
    /// Frames of all tasks.
    #[schema(inline, value_type = SumNumber)]
    frame_num: u128,
    /// By which rule its instances are counted; null where none was stated.
    #[schema(value_type = Option<String>, required)]
    counting_rule: Option<&'a CountingRuleName>,
    /// Different after each change.
    revision: i64,
    #[serde(serialize_with = "rfc_3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: SystemTime,
    #[serde(serialize_with = "rfc_3339")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: SystemTime,
}

// The requests of a page.
#[derive(Serialize, ToSchema)]
pub(super) struct RequestsBody<'a> {
    #[schema(inline)]
    data: Vec<RequestBody<'a>>,
    /// The `cursor` of the next page; null where there is none.
    #[schema(required)]
    next: Option<String>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct RequestsEnvelope(#[schema(inline)] Envelope<'static, RequestsBody<'static>>);

impl<'a> RequestsBody<'a> {
    pub(super) fn new(requests: &'a [ListedRequest], next: Option<String>) -> Self {
        Self { data: requests.iter().map(RequestBody::of).collect(), next }
    }
}

impl<'a> RequestBody<'a> {
    fn of(listed: &'a ListedRequest) -> Self {
        let (request, totals) = (listed.request(), listed.totals());
        Self {
            id: &request.id,
            campaign_id: &request.campaign_id,
            status: listed.progress().name(),
            task_num: totals.tasks,
            complete_task_num: listed.complete_tasks(),
            instance_num: totals.instances,
            attribute_num: totals.attributes,
            frame_num: totals.frames,
            counting_rule: request.counting_rule.as_ref(),
            revision: request.revision.number(),
            created_at: request.created_at,
            updated_at: request.updated_at,
        }
    }
}

// A task, and the annotation request that has it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TaskPlace)]
struct TaskPlaceBody<'a> {
    #[schema(schema_with = schema::task_id)]
    id: TaskId,
    #[schema(value_type = String)]
    annotation_request_id: &'a AnnotationRequestId,
    /// The campaign that the annotation request belongs to.
    #[schema(value_type = String)]
    campaign_id: &'a CampaignId,
    #[schema(schema_with = schema::source_name, required)]
    source_name: Option<&'a SourceName>,
    #[schema(schema_with = schema::task_status)]
    status: TaskStatus,
    #[schema(schema_with = schema::pool_name)]
    pool_name: &'a PoolName,
    #[schema(schema_with = schema::pool_type)]
    pool_type: PoolType,
}

// The tasks of a page.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskPlacesBody<'a> {
    #[schema(inline)]
    data: Vec<TaskPlaceBody<'a>>,
    /// The `cursor` of the next page; null where there is none.
    #[schema(required)]
    next: Option<String>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct TaskPlacesEnvelope(#[schema(inline)] Envelope<'static, TaskPlacesBody<'static>>);

impl<'a> TaskPlacesBody<'a> {
    pub(super) fn new(tasks: &'a [TaskPlace], next: Option<String>) -> Self {
        let place = |task: &'a TaskPlace| TaskPlaceBody {
            id: task.task_id,
            annotation_request_id: &task.annotation_request_id,
            campaign_id: &task.campaign_id,
            source_name: task.source_name.as_ref(),
            status: task.status,
            pool_name: &task.pool_name,
            pool_type: task.pool_type,
        };
        Self { data: tasks.iter().map(place).collect(), next }
    }
}
