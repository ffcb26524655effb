//! `PUT /annotation-requests/{id}/statements/{name}`: makes a statement of what is recorded, once for its name.

use crate::ApiState;
use crate::annotation_requests::statements::make_statement;
use crate::annotation_requests::statements::statement_body::response;
use crate::annotation_requests::statements::tag::{StatementTag, check_conditions};
use crate::auth::CallerScope;
use crate::http::body::{RequestBody, read_object};
use crate::http::parameters::{PathRequest, PathStatement};
use crate::http::{Caller, DatabaseTime, RequestContext, encoded};
use crate::response::{ApiError, InvalidParameter};
#[cfg(feature = "openapi")]
use crate::{
    annotation_requests::statements::{if_none_match::IfNoneMatchAny, statement_body::StatementEnvelope},
    http::parameters::IfMatch,
    paths::STATEMENT,
    response::{
        AccessErrors, BodyErrors, OperationErrors, PreconditionErrors,
        schema::{Location, StatementETag},
    },
};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{NewStatement, Statement, StatementError, StatementRepository};
use serde::Deserialize;
use serde::de::IgnoredAny;
use utoipa::ToSchema;

/// Who makes a statement, where no access key is needed.
const WITHOUT_KEY: &str = "HTTP";

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

// Nothing is to be said of a statement but its name.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewStatement, examples(json!({})))]
struct Given {
    #[serde(default)]
    #[schema(ignore)]
    as_of: Option<IgnoredAny>,
}

/// Make a statement of what is recorded
///
/// Writes down all tasks that the annotation request has now, sorted by their ids, and their sums, and signs them. The
/// statement is kept as it is. Its name makes repeating it safe: where there is a statement of this name, that one is returned.
#[utoipa::path(
    put,
    path = STATEMENT,
    operation_id = "putStatement",
    params(PathRequest, PathStatement, IfMatch, IfNoneMatchAny),
    request_body(content = Option<Given>, description = "An empty object, or nothing"),
    responses(
        (
            status = 200,
            description = "The statement of this name, which was there",
            body = StatementEnvelope,
            headers(("ETag" = inline(StatementETag))),
        ),
        (
            status = 201,
            description = "The statement, which was made now",
            body = StatementEnvelope,
            headers(("ETag" = inline(StatementETag)), ("Location" = inline(Location))),
        ),
        OperationErrors,
        PreconditionErrors,
        BodyErrors,
        AccessErrors,
    ),
    security(("key" = [], "time" = [], "signature" = [], "nonce" = [])),
)]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of what the operation needs")]
pub(crate) async fn put_statement(
    request: HttpRequest,
    payload: web::Payload,
    PathRequest(id): PathRequest,
    PathStatement(name): PathStatement,
    caller: Caller,
    CallerScope(scope): CallerScope,
    statements: web::Data<dyn StatementRepository>,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    read_body(&request, payload, &state).await?;
    match time.measure(statements.find(&id, &name, &scope)).await {
        Ok(statement) => return found(&request, &context, &statement),
        Err(StatementError::UnknownStatement { .. }) => check_conditions(request.headers(), None)?,
        Err(error) => return Err(error.into()),
    }
    let actor = caller.key_id().unwrap_or(WITHOUT_KEY).to_owned();
    let location =
        format!("{}/annotation-requests/{}/statements/{name}", state.settings.base_path.as_str(), encoded(id.as_str()));
    let new = NewStatement { annotation_request_id: id, name, actor };
    let created = make_statement(&state, &time, new, &scope).await?;
    if !created.is_new {
        return found(&request, &context, &created.statement);
    }
    let mut response = response(&context, &created.statement)?;
    *response.status_mut() = StatusCode::CREATED;
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

async fn read_body(request: &HttpRequest, payload: web::Payload, state: &ApiState) -> Result<(), ApiError> {
    let Some(body) = RequestBody::read_if_any(request, payload, state).await? else { return Ok(()) };
    let given: Option<Given> =
        read_object(body.text()).map_err(|error| InvalidParameter(format!("the body: {error}")))?;
    if given.is_some_and(|given| given.as_of.is_some()) {
        let why = "the body: asOf: past states are not kept: a statement is of what is recorded now";
        return Err(InvalidParameter(why.to_owned()).into());
    }
    Ok(())
}

/// The statement that was there.
fn found(request: &HttpRequest, context: &RequestContext, statement: &Statement) -> Result<HttpResponse, ApiError> {
    check_conditions(request.headers(), Some(&StatementTag::of(statement.head.sha256)))?;
    let mut response = response(context, statement)?;
    response.headers_mut().insert(CACHE_CONTROL, NO_STORE);
    Ok(response)
}
