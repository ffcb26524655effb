//! `GET /tasks`: the annotation requests that have a task.

use crate::ApiState;
use crate::annotation_requests::finding::find_tasks_params::FindTasksParams;
use crate::annotation_requests::finding::listed_body::{ROW_BYTES, TaskPlacesBody};
use crate::auth::CallerScope;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, envelope};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::finding::find_tasks_params::TaskParams,
    annotation_requests::finding::listed_body::TaskPlacesEnvelope,
    paths::TASKS,
    response::{AccessErrors, OperationErrors},
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::AnnotationRequestFinder;

/// The annotation requests that have a task
///
/// In the byte order of the ids of the annotation requests, and then in the order of the tasks. A task that is nowhere is an
/// empty page.
#[utoipa::path(
    get,
    path = TASKS,
    operation_id = "findTasks",
    params(TaskParams),
    responses(
        (status = 200, description = "A page of tasks", body = TaskPlacesEnvelope),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn find_tasks(
    request: HttpRequest,
    CallerScope(scope): CallerScope,
    state: web::Data<ApiState>,
    finder: web::Data<dyn AnnotationRequestFinder>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let params = FindTasksParams::parse(request.query_string(), state.settings.max_limit)?;
    let found = time.measure(finder.find_tasks(&params.search, &scope)).await?;
    let body = TaskPlacesBody::new(&found.tasks, found.next.as_ref().map(|next| params.cursor(next)));
    Ok(envelope::success(&context, &body, ROW_BYTES * found.tasks.len().max(1))?)
}

#[cfg(test)]
#[path = "find_tasks_tests.rs"]
mod tests;
