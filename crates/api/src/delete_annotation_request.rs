//! `DELETE /annotation-requests/{id}`: removes a request and its tasks. `DELETE .../statistics/{taskId}`: removes one.

use crate::annotation_request_body::changed;
use crate::caller_scope::CallerScope;
use crate::database_time::DatabaseTime;
use crate::envelope;
use crate::error::ApiError;
use crate::if_match::IfMatch;
use crate::known_state::REVISION;
use crate::path_ids::{PathRequest, PathTask};
use crate::stamp::Stamp;
use actix_web::{HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestRegistry, Revision};
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deleted {
    deleted_tasks: u64,
}

pub(crate) async fn delete_annotation_request(
    PathRequest(id): PathRequest,
    IfMatch(precondition): IfMatch,
    CallerScope(scope): CallerScope,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    time: web::ReqData<DatabaseTime>,
    stamp: web::ReqData<Stamp>,
) -> Result<HttpResponse, ApiError> {
    let gone = time.measure(registry.delete(&id, &scope, precondition)).await?;
    // It has no state that an `ETag` could name.
    let mut answer = deleted(&stamp, gone.tasks, None)?;
    answer.headers_mut().insert(REVISION, gone.revision.number().into());
    Ok(answer)
}

pub(crate) async fn delete_task(
    PathRequest(id): PathRequest,
    PathTask(task): PathTask,
    IfMatch(precondition): IfMatch,
    CallerScope(scope): CallerScope,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    time: web::ReqData<DatabaseTime>,
    stamp: web::ReqData<Stamp>,
) -> Result<HttpResponse, ApiError> {
    let left = time.measure(registry.delete_task(&id, task, &scope, precondition)).await?;
    deleted(&stamp, 1, Some(left.revision))
}

fn deleted(stamp: &Stamp, deleted_tasks: u64, revision: Option<Revision>) -> Result<HttpResponse, ApiError> {
    Ok(changed(envelope::success(stamp, &Deleted { deleted_tasks }, 32)?, revision))
}

#[cfg(test)]
#[path = "delete_annotation_request_tests.rs"]
mod tests;
