//! `DELETE /annotation-requests/{id}`: removes a request and its tasks. `DELETE .../statistics/{taskId}`: removes one.

use crate::auth::CallerScope;
use crate::http::parameters::{IfMatch, PathRequest, PathTask};
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, Envelope, REVISION, envelope, with_new_revision};
#[cfg(feature = "openapi")]
use crate::{
    paths::{ANNOTATION_REQUEST, REQUEST_TASK},
    response::{
        AccessErrors, ConflictErrors, OperationErrors, PreconditionErrors,
        schema::{self, CountNumber, StrongETag},
    },
};
use actix_web::{HttpResponse, web};
use annotation_statistics_domain::{AnnotationRequestRegistry, Revision};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Deleted {
    /// Tasks that were deleted.
    #[schema(inline, value_type = CountNumber)]
    deleted_tasks: u64,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct DeletedEnvelope(#[schema(inline)] Envelope<'static, Deleted>);

/// Remove an annotation request and its tasks
#[utoipa::path(
    delete,
    path = ANNOTATION_REQUEST,
    operation_id = "deleteAnnotationRequest",
    params(PathRequest, IfMatch),
    responses(
        (
            status = 200,
            description = "How many tasks it had",
            body = DeletedEnvelope,
            headers(("Revision" = inline(schema::Revision))),
        ),
        ConflictErrors,
        OperationErrors,
        ConflictErrors,
        PreconditionErrors,
        AccessErrors,
    ),
    security(("key" = [], "time" = [], "signature" = [], "nonce" = [])),
)]
pub(crate) async fn delete_annotation_request(
    PathRequest(id): PathRequest,
    IfMatch(precondition): IfMatch,
    CallerScope(scope): CallerScope,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let gone = time.measure(registry.delete(&id, &scope, precondition)).await?;
    // A deleted request has no state that an `ETag` could name.
    let mut response = deleted(&context, gone.tasks, None)?;
    response.headers_mut().insert(REVISION, gone.revision.number().into());
    Ok(response)
}

/// Remove a task of an annotation request
#[utoipa::path(
    delete,
    path = REQUEST_TASK,
    operation_id = "deleteTask",
    params(PathRequest, PathTask, IfMatch),
    responses(
        (
            status = 200,
            description = "The task was deleted",
            body = DeletedEnvelope,
            headers(("ETag" = inline(StrongETag)), ("Revision" = inline(schema::Revision))),
        ),
        OperationErrors,
        PreconditionErrors,
        AccessErrors,
    ),
    security(("key" = [], "time" = [], "signature" = [], "nonce" = [])),
)]
pub(crate) async fn delete_task(
    PathRequest(id): PathRequest,
    PathTask(task): PathTask,
    IfMatch(precondition): IfMatch,
    CallerScope(scope): CallerScope,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let left = time.measure(registry.delete_task(&id, task, &scope, precondition)).await?;
    deleted(&context, 1, Some(left.revision))
}

fn deleted(context: &RequestContext, deleted_tasks: u64, revision: Option<Revision>) -> Result<HttpResponse, ApiError> {
    Ok(with_new_revision(envelope::success(context, &Deleted { deleted_tasks }, 32)?, revision))
}

#[cfg(test)]
#[path = "delete_annotation_request_tests.rs"]
mod tests;
