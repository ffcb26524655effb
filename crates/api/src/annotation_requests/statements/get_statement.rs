//! `GET /annotation-requests/{id}/statements/{name}`: one statement, without its rows.

use crate::annotation_requests::statements::statement_body::response;
use crate::annotation_requests::statements::tag::StatementTag;
use crate::auth::CallerScope;
use crate::http::parameters::{PathRequest, PathStatement};
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, CACHING};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::statements::statement_body::StatementEnvelope,
    http::parameters::IfNoneMatch,
    paths::STATEMENT,
    response::{AccessErrors, OperationErrors, schema::StatementETag},
};
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::StatementRepository;

/// A statement
///
/// What it is of, and its sums. The document that was signed, the signature and the rows are files beside it.
#[utoipa::path(
    get,
    path = STATEMENT,
    operation_id = "getStatement",
    params(PathRequest, PathStatement, IfNoneMatch),
    responses(
        (
            status = 200,
            description = "The statement, which never changes",
            body = StatementEnvelope,
            headers(("ETag" = inline(StatementETag))),
        ),
        (status = 304, description = "The client has the statement already; no body", headers(("ETag" = inline(StatementETag)))),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn get_statement(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    PathStatement(name): PathStatement,
    CallerScope(scope): CallerScope,
    statements: web::Data<dyn StatementRepository>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let statement = time.measure(statements.find(&id, &name, &scope)).await?;
    if let Some(unchanged) = StatementTag::of(statement.head.sha256).not_modified(request.headers(), CACHING) {
        return Ok(unchanged);
    }
    let mut response = response(&context, &statement)?;
    response.headers_mut().insert(CACHE_CONTROL, CACHING);
    Ok(response)
}
