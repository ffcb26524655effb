//! `GET /annotation-requests/{id}/statistics?sourceName=`: the tasks with a source name.

use crate::ApiState;
use crate::auth::CallerScope;
use crate::http::parameters::PathRequest;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, Envelope, envelope, not_modified, with_revision};
use crate::statistics::tasks::get_task::{TASK_BYTES, TaskBody};
use crate::statistics::tasks::source_name_params::SourceNameParams;
use crate::statistics::unless_tasks_are_too_large;
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::IfNoneMatch,
    paths::REQUEST_STATISTICS,
    response::{
        AccessErrors, OperationErrors,
        schema::{CountNumber, StrongETag},
    },
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::AnnotationRequestRegistry;
use serde::Serialize;
use utoipa::ToSchema;

// The tasks, and how many there are where not all are shown.
#[derive(Serialize, ToSchema)]
struct NamedTasksBody<'a> {
    /// Tasks of this name, also those that are not shown.
    #[schema(inline, value_type = CountNumber)]
    count: u64,
    #[schema(inline)]
    data: Vec<TaskBody<'a>>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct NamedTasksEnvelope(#[schema(inline)] Envelope<'static, NamedTasksBody<'static>>);

/// Tasks of an annotation request by what they were made of
#[utoipa::path(
    get,
    path = REQUEST_STATISTICS,
    operation_id = "getNamedTasks",
    params(PathRequest, SourceNameParams, IfNoneMatch),
    responses(
        (
            status = 200,
            description = "The tasks in their order, and how many there are",
            body = NamedTasksEnvelope,
            headers(("ETag" = inline(StrongETag))),
        ),
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
pub(crate) async fn get_named_tasks(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    CallerScope(scope): CallerScope,
    state: web::Data<ApiState>,
    registry: web::Data<dyn AnnotationRequestRegistry>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let SourceNameParams { name, limit } = SourceNameParams::parse(request.query_string(), state.settings.max_limit)?;
    let found = time.measure(registry.find_named(&id, &name, limit, &scope)).await;
    let found = found.map_err(|error| unless_tasks_are_too_large(error, &state.settings))?;
    if let Some(known) = not_modified(request.headers(), found.revision) {
        return Ok(known);
    }
    let data: Vec<_> = found.tasks.iter().map(TaskBody::of).collect();
    let bytes = TASK_BYTES * data.len().max(1);
    let body = NamedTasksBody { count: found.count, data };
    Ok(with_revision(envelope::success(&context, &body, bytes)?, found.revision))
}

#[cfg(test)]
#[path = "get_named_tasks_tests.rs"]
mod tests;
