//! The only list of paths.

use crate::error::ApiError;
use crate::{BasePath, ResponseCode, documentation, health, metrics_text, statistics};
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, web};

/// Under the base path.
pub(crate) const STATISTICS: &str = "/statistics";
/// At the root, like all that follow.
pub(crate) const HEALTH_LIVE: &str = "/health/live";
pub(crate) const HEALTH_READY: &str = "/health/ready";
pub(crate) const OPENAPI: &str = "/openapi.json";
const DOCS: &str = "/docs";
const DOCS_FILES: &str = "/docs/{file:.*}";
/// Of the admin listener, like all that follow.
const ADMIN_LIVE: &str = "/live";
const ADMIN_READY: &str = "/ready";
const ADMIN_METRICS: &str = "/metrics";

pub(crate) fn configure(config: &mut web::ServiceConfig, base_path: &BasePath) {
    config
        .service(readable(&format!("{base_path}{STATISTICS}"), statistics::get_statistics))
        .service(readable(HEALTH_LIVE, health::live))
        .service(readable(HEALTH_READY, health::ready))
        .service(readable(OPENAPI, documentation::document))
        .service(readable(DOCS, documentation::ui_folder))
        .service(readable(DOCS_FILES, documentation::ui))
        .default_service(web::to(|| async { refuse(ApiError::Refused(ResponseCode::NotFound)) }));
}

pub(crate) fn configure_admin(config: &mut web::ServiceConfig) {
    config
        .service(readable(ADMIN_LIVE, health::live))
        .service(readable(ADMIN_READY, health::ready))
        .service(readable(ADMIN_METRICS, metrics_text::metrics))
        .default_service(web::to(|| async { refuse(ApiError::Refused(ResponseCode::NotFound)) }));
}

/// A resource that can only be read; HEAD is GET, of which the server leaves out the body.
fn readable<H, Arguments>(path: &str, handler: H) -> Resource
where
    H: Handler<Arguments>,
    Arguments: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
        .default_service(web::to(|| async { refuse(ApiError::MethodNotAllowed { allowed: "GET, HEAD" }) }))
}

fn refuse(error: ApiError) -> Result<HttpResponse, ApiError> {
    Err(error)
}

#[cfg(test)]
#[path = "routes_tests.rs"]
mod tests;
