//! Liveness and readiness.

use crate::ApiState;
use crate::http::{DatabaseTime, RequestContext};
use crate::response::{ApiError, Envelope, envelope};
#[cfg(feature = "openapi")]
use crate::{
    paths::{HEALTH_LIVE, HEALTH_READY},
    response::{
        PathErrors, ReadinessErrors,
        schema::{schema_types, text},
    },
};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpResponse, web};
use annotation_statistics_domain::RepositoryError;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
struct Health<'a> {
    #[schema(inline, value_type = HealthStatus)]
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    version: Option<&'a str>,
}

#[cfg(feature = "openapi")]
schema_types! {
    HealthStatus = text().enum_values(Some(["live", "ready", "read-only"]));
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
struct HealthEnvelope(#[schema(inline)] Envelope<'static, Health<'static>>);

/// Liveness: the process responds. The database is not queried, so that its outage restarts no server.
#[utoipa::path(
    get,
    path = HEALTH_LIVE,
    operation_id = "isLive",
    summary = "Whether the process runs",
    responses((status = 200, description = "Yes", body = HealthEnvelope), PathErrors),
)]
pub(crate) async fn live(context: web::ReqData<RequestContext>) -> Result<HttpResponse, ApiError> {
    healthy(&context, "live", None)
}

/// The same on the admin listener, with the version.
pub(crate) async fn live_version(
    state: web::Data<ApiState>,
    context: web::ReqData<RequestContext>,
) -> Result<HttpResponse, ApiError> {
    healthy(&context, "live", state.version.as_deref())
}

/// Readiness: reads succeed now, so traffic may be routed here. The status says whether writes succeed as well.
#[utoipa::path(
    get,
    path = HEALTH_READY,
    operation_id = "isReady",
    summary = "Whether queries can be served now",
    responses((status = 200, description = "Yes", body = HealthEnvelope), PathErrors, ReadinessErrors),
)]
pub(crate) async fn ready(
    state: web::Data<ApiState>,
    context: web::ReqData<RequestContext>,
    time: web::ReqData<DatabaseTime>,
) -> Result<HttpResponse, ApiError> {
    if state.shutdown.has_begun() {
        return Err(ApiError::Stopping);
    }
    let checks = time.measure(state.check_ready()).await;
    if let Some(error) = checks.error() {
        return Err(RepositoryError::Unavailable(error.into()).into());
    }
    healthy(&context, if checks.writes.is_none() { "ready" } else { "read-only" }, None)
}

fn healthy(context: &RequestContext, status: &'static str, version: Option<&str>) -> Result<HttpResponse, ApiError> {
    let mut response = envelope::success(context, &Health { status, version }, 64)?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
