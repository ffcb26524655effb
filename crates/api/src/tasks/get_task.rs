//! `GET /annotation-requests/{id}/statistics/{taskId}`: the current state of a task.

use crate::auth::CallerScope;
use crate::http::{DatabaseTime, RequestContext};
use crate::parameters::{PathRequest, PathTask};
use crate::response::{ApiError, envelope, not_modified, with_revision};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestRegistry, SourceName, Statistics};
use serde::Serialize;

/// About the size of a task.
pub(super) const TASK_BYTES: usize = 1024;

/// A row, and what the task was made of.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskBody<'a> {
    #[serde(flatten)]
    row: &'a Statistics,
    source_name: Option<&'a SourceName>,
}

impl<'a> TaskBody<'a> {
    pub(super) fn of(row: &'a Statistics) -> Self {
        Self { row, source_name: row.source_name() }
    }
}

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
