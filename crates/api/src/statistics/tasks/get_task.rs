//! `GET /annotation-requests/{id}/statistics/{taskId}`: the current state of a task.

use crate::auth::CallerScope;
use crate::http::parameters::{PathRequest, PathTask};
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, Envelope, envelope, not_modified, with_revision};
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::IfNoneMatch,
    paths::REQUEST_TASK,
    response::{
        AccessErrors, OperationErrors,
        schema::{self, StatisticsRow, StrongETag},
    },
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestRegistry, SourceName, Statistics};
use serde::Serialize;
use utoipa::ToSchema;

/// About the size of a task.
pub(super) const TASK_BYTES: usize = 1024;

// A row, and what the task was made of.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskBody<'a> {
    #[serde(flatten)]
    #[schema(inline, value_type = StatisticsRow)]
    row: &'a Statistics,
    #[schema(schema_with = schema::source_name, required)]
    source_name: Option<&'a SourceName>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(super) struct TaskEnvelope(#[schema(inline)] Envelope<'static, TaskBody<'static>>);

impl<'a> TaskBody<'a> {
    pub(super) fn of(row: &'a Statistics) -> Self {
        Self { row, source_name: row.source_name() }
    }
}

/// A task of an annotation request
#[utoipa::path(
    get,
    path = REQUEST_TASK,
    operation_id = "getTask",
    params(PathRequest, PathTask, IfNoneMatch),
    responses(
        (status = 200, description = "The current state of the task", body = TaskEnvelope, headers(("ETag" = inline(StrongETag)))),
        (status = 304, description = "The client has the current response already; no body", headers(("ETag" = inline(StrongETag)))),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn get_task(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    PathTask(task): PathTask,
    CallerScope(scope): CallerScope,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let found = time.measure(registry.find_task(&id, task, &scope)).await?;
    if let Some(known) = not_modified(request.headers(), found.revision) {
        return Ok(known);
    }
    Ok(with_revision(envelope::success(&context, &TaskBody::of(&found.statistics), TASK_BYTES)?, found.revision))
}

#[cfg(test)]
#[path = "get_task_tests.rs"]
mod tests;
