//! `GET /annotation-requests/{id}/statements`: a page of the statements of an annotation request.

use crate::ApiState;
use crate::annotation_requests::finding::query_values::QueryValues;
use crate::annotation_requests::statements::statement_body::{HeadBody, STATEMENT_BYTES};
use crate::auth::CallerScope;
use crate::http::parameters::{DEFAULT_LIMIT, LIMIT, PathRequest, number};
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, Envelope, InvalidParameter, envelope, quoted};
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::LimitNumber,
    paths::STATEMENTS,
    response::{
        AccessErrors, OperationErrors,
        schema::{positive, schema_types},
    },
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{StatementHead, StatementNumber, StatementRepository};
use serde::Serialize;
use std::num::NonZeroU32;
#[cfg(feature = "openapi")]
use utoipa::IntoParams;
use utoipa::ToSchema;

const BEFORE: &str = "before";

#[cfg(feature = "openapi")]
schema_types! {
    StatementNumberOfPage = positive();
}

/// The parameters, as the document declares them.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct ListParamsOfStatements {
    /// Those with a smaller number: the `next` of a page.
    #[param(inline, required = false)]
    before: StatementNumberOfPage,
    /// Statements per page; above {max-limit} it is lowered to {max-limit}.
    #[param(inline, required = false)]
    limit: LimitNumber,
}

// The statements of a page.
#[derive(Serialize, ToSchema)]
struct StatementsBody<'a> {
    data: Vec<HeadBody<'a>>,
    /// The `before` of the next page; null where there is none.
    #[schema(required, value_type = Option<u64>)]
    next: Option<StatementNumber>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct StatementsEnvelope(#[schema(inline)] Envelope<'static, StatementsBody<'static>>);

struct Page {
    before: Option<StatementNumber>,
    limit: NonZeroU32,
}

impl Page {
    fn parse(query: &str, max_limit: NonZeroU32) -> Result<Self, InvalidParameter> {
        let values = QueryValues::parse(query, &[BEFORE, LIMIT])?;
        let before = |text: &str| {
            let read = number(text).map_err(|why| format!("{why}, got {}", quoted(text)))?;
            Ok::<_, String>(u64::try_from(read).ok().and_then(StatementNumber::new))
        };
        let before = values.read(BEFORE, before)?.flatten();
        Ok(Self { before, limit: values.limit(LIMIT, DEFAULT_LIMIT, max_limit)? })
    }
}

/// The statements of an annotation request
///
/// The latest comes first.
#[utoipa::path(
    get,
    path = STATEMENTS,
    operation_id = "listStatements",
    params(PathRequest, ListParamsOfStatements),
    responses(
        (status = 200, description = "A page of statements", body = StatementsEnvelope),
        OperationErrors,
        AccessErrors,
    ),
    security(
        ("key" = [], "time" = [], "signature" = [], "nonce" = []),
        ("key" = [], "time" = [], "signature" = []),
        ("session" = []),
    ),
)]
pub(crate) async fn list_statements(
    request: HttpRequest,
    PathRequest(id): PathRequest,
    CallerScope(scope): CallerScope,
    statements: web::Data<dyn StatementRepository>,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let page = Page::parse(request.query_string(), state.settings.max_limit)?;
    // One more than the page has says whether there is a next one.
    let most = page.limit.saturating_add(1);
    let mut heads = time.measure(statements.list(&id, page.before, most, &scope)).await?;
    let rows = usize::try_from(page.limit.get()).unwrap_or(usize::MAX);
    let is_last = heads.len() <= rows;
    heads.truncate(rows);
    let next = heads.last().filter(|_| !is_last).map(|last: &StatementHead| last.number);
    let body = StatementsBody { data: heads.iter().map(HeadBody::of).collect(), next };
    Ok(envelope::success(&context, &body, STATEMENT_BYTES * heads.len().max(1))?)
}
