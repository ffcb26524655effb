//! `POST /annotation-requests/{id}/reconciliations`: compares a sheet with what is recorded. See ADR 97.

use crate::ApiState;
use crate::annotation_requests::reconciliation::params::ReconciliationParams;
use crate::annotation_requests::reconciliation::reading::SheetReader;
use crate::annotation_requests::reconciliation::reconciliation_body::response;
use crate::annotation_requests::reconciliation::written_lines::{compare_error, lines_response};
use crate::auth::CallerScope;
use crate::consistency::RequiredState;
use crate::http::body::SheetBody;
use crate::http::parameters::PathRequest;
use crate::http::{Caller, DatabaseTime, RequestContext};
use crate::response::{ApiError, CACHING, COUNTING_RULE, REVISION, counting_rules, with_statement};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::reconciliation::{
        params::SheetParams,
        reconciliation_body::{LinesBytes, ReconciliationEnvelope, SheetBytes},
    },
    http::parameters::MinRevision,
    paths::RECONCILIATIONS,
    response::{
        AccessErrors, BodyErrors, OperationErrors,
        schema::{CountingRule, LatestRevision, StatementOfResponse},
    },
};
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, HeaderValue, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_reconciliation::FirstDifferences;

/// Compare a sheet with what is recorded
///
/// Compares what a client has written down, by task or in total, with what is recorded of an annotation request, value by
/// value. Nothing is stored. The line of names decides what is compared. At most {max-sheet} bytes and {max-sheet-lines}
/// values.
#[utoipa::path(
    post,
    path = RECONCILIATIONS,
    operation_id = "reconcile",
    params(PathRequest, SheetParams, MinRevision),
    request_body(
        description = "The sheet, not compressed",
        content(
            (inline(SheetBytes) = "text/csv"),
            (inline(SheetBytes) = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (inline(SheetBytes) = "application/x-ndjson"),
            (inline(SheetBytes) = "application/octet-stream"),
        ),
    ),
    responses(
        (
            status = 200,
            description = "What the comparison comes to; as a file with a line for each value where csv is preferred",
            content((ReconciliationEnvelope = "application/json"), (inline(LinesBytes) = "text/csv")),
            headers(
                ("Counting-Rule" = inline(CountingRule)),
                ("Revision" = inline(LatestRevision)),
                ("Statement" = inline(StatementOfResponse)),
            ),
        ),
        OperationErrors,
        BodyErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
    ),
)]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of what the operation needs")]
pub(crate) async fn reconcile(
    request: HttpRequest,
    payload: web::Payload,
    PathRequest(id): PathRequest,
    caller: Caller,
    CallerScope(scope): CallerScope,
    known: RequiredState,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let params = ReconciliationParams::parse(request.query_string(), request.headers())?;
    let body = SheetBody::read(&request, payload, &state).await?;
    let format = params.format.or(body.format);
    let statement = params.statement.as_ref();
    let reader = SheetReader { state: &state, scope: &scope, time: &time, id: &id, known, statement };
    let read = reader.read(body, format, params.worksheet).await?;
    if let Some(options) = params.csv {
        let response = lines_response(read, options, &id, (&state, &caller), (&time, &context)).await?;
        return Ok(with_statement(response, statement));
    }
    let job = read.comparison(FirstDifferences::default());
    let compared = time.measure(job.run(None)).await.map_err(compare_error)?;
    let revision = compared.request.revision;
    let mut response = response(&context, &compared.reconciliation, &compared.lines, revision)?;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, CACHING);
    headers.append(VARY, HeaderValue::from_static(ACCEPT.as_str()));
    headers.insert(COUNTING_RULE, counting_rules(std::slice::from_ref(&compared.request.counting_rule)));
    headers.insert(REVISION, revision.number().into());
    Ok(with_statement(response, statement))
}
