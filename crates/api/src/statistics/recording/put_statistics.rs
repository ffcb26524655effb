//! `PUT /annotation-requests/{id}/statistics`: records rows of a known request, all of them or none.

use crate::auth::CallerScope;
use crate::http::body::{MediaType, RequestBody};
use crate::http::parameters::{IfMatch, PathRequest};
use crate::http::{Caller, DatabaseTime, HeldMemory, RequestContext};
use crate::response::{ApiError, Envelope, envelope, with_new_revision};
use crate::statistics::recording::batch::Batch;
use crate::{ApiState, Ports};
#[cfg(feature = "openapi")]
use crate::{
    paths::REQUEST_STATISTICS,
    response::{
        AccessErrors, BodyErrors, ConflictErrors, OperationErrors, PreconditionErrors,
        schema::{CountNumber, Revision, StrongETag},
    },
    statistics::recording::batch::{RowLines, RowList},
};
use actix_web::{HttpRequest, HttpResponse, web};
use annotation_statistics_domain::{
    AnnotationRequest, CampaignScope, Precondition, PreconditionFailed, RecordError, Recorded, RecordedTask,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The largest body that is parsed on the thread that has received it, in bytes: about twenty rows, which take no longer
/// than to hand them to another thread and back.
const READ_AT_ONCE: usize = 4 * 1024;

// How many tasks a batch changed.
#[derive(Serialize, ToSchema)]
struct Counted {
    /// Tasks that are new.
    #[schema(inline, value_type = CountNumber)]
    inserted: u64,
    /// Tasks that were there and are different now.
    #[schema(inline, value_type = CountNumber)]
    updated: u64,
    /// Tasks that were already as given.
    #[schema(inline, value_type = CountNumber)]
    unchanged: u64,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct RecordedEnvelope(#[schema(inline)] Envelope<'static, Counted>);

/// Record tasks of an annotation request
///
/// Records tasks of a registered request, all of them or none: new ones are appended in the order given, known ones updated in
/// their place. Each task is there once, and its counts add up to `instanceNum` + `attributeNum`.
#[utoipa::path(
    put,
    path = REQUEST_STATISTICS,
    operation_id = "putStatistics",
    params(PathRequest, IfMatch),
    request_body(
        description = "At most {max-batch} rows and {max-body} bytes.",
        content(
            (inline(RowList) = "application/json", example = json!([{
                "id": 7, "status": 11, "poolName": "complete pool", "poolType": 5,
                "instanceInfo": { "car": 2, "car/color": 1 }, "instanceNum": 2, "attributeNum": 1, "frameNum": 1,
                "sourceName": "a.jpg", "itemKinds": { "car": "slot", "car/color": "input" }
            }])),
            (inline(RowLines) = "application/x-ndjson"),
        ),
    ),
    responses(
        (
            status = 200,
            description = "How many tasks were inserted, updated and unchanged",
            body = RecordedEnvelope,
            headers(("ETag" = inline(StrongETag)), ("Revision" = inline(Revision))),
        ),
        OperationErrors,
        ConflictErrors,
        PreconditionErrors,
        BodyErrors,
        AccessErrors,
    ),
    security(("key" = [], "time" = [], "signature" = [], "nonce" = [])),
)]
#[expect(clippy::too_many_arguments, reason = "each is an extractor of what the operation needs")]
pub(crate) async fn put_statistics(
    request: HttpRequest,
    payload: web::Payload,
    PathRequest(id): PathRequest,
    IfMatch(precondition): IfMatch,
    caller: Caller,
    CallerScope(scope): CallerScope,
    state: web::Data<ApiState>,
    time: web::ReqData<DatabaseTime>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    let body = RequestBody::read(&request, payload, &[MediaType::Json, MediaType::JsonLines], &state).await?;
    let known = time.measure(state.ports.registry.find(&id, &scope)).await?;
    let held = state.body_memory.hold(caller);
    let batch = Batch::new(body.kind, id, known.campaign_id.clone(), &state, held);
    // Its rows keep their memory until they are recorded, and the body its own until it is parsed.
    let (rows, _held) = read(batch, body).await?;
    let recorded = time.measure(record(&state.ports, &known, rows, precondition)).await;
    let recorded = recorded.map_err(|error| unless_seen(error, &scope))?;
    let counted = Counted { inserted: recorded.inserted, updated: recorded.updated, unchanged: recorded.unchanged };
    Ok(with_new_revision(envelope::success(&context, &counted, 64)?, recorded.revision))
}

/// A large batch takes time, and would block the other requests of this thread.
async fn read(batch: Batch, body: RequestBody) -> Result<(Vec<RecordedTask>, HeldMemory), ApiError> {
    if body.text().len() <= READ_AT_ONCE {
        return Ok(batch.read(body.text())?);
    }
    let read = web::block(move || batch.read(body.text())).await;
    Ok(read.map_err(ApiError::Unread)??)
}

/// An empty batch is checked as well: the precondition is for an annotation request, not for its rows.
async fn record(
    ports: &Ports,
    known: &AnnotationRequest,
    rows: Vec<RecordedTask>,
    precondition: Precondition,
) -> Result<Recorded, RecordError> {
    if rows.is_empty() {
        let revision = Some(known.revision);
        let failed = PreconditionFailed { annotation_request_id: known.id.clone(), current: revision };
        let recorded = Recorded { revision, ..Recorded::default() };
        return if precondition.holds(revision) { Ok(recorded) } else { Err(failed.into()) };
    }
    let precondition = if precondition == Precondition::None { Precondition::Known } else { precondition };
    ports.recorder.record(Box::new(rows.into_iter().map(Ok)), precondition).await
}

/// Hides a request that has moved to a campaign that the caller may not see.
fn unless_seen(error: RecordError, scope: &CampaignScope) -> RecordError {
    if let RecordError::CampaignConflict { annotation_request_id, recorded, .. } = &error
        && !scope.covers(recorded)
    {
        return PreconditionFailed { annotation_request_id: annotation_request_id.clone(), current: None }.into();
    }
    error
}

#[cfg(test)]
#[path = "put_statistics_tests.rs"]
mod tests;
