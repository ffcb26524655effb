//! The only list of paths.

use crate::BasePath;
use crate::ResponseCode;
use crate::admin::health;
use crate::admin::metrics_text;
use crate::annotation_requests::delete_annotation_request::{delete_annotation_request, delete_task};
use crate::annotation_requests::get_annotation_request::get_annotation_request;
use crate::annotation_requests::put_annotation_request::put_annotation_request;
use crate::auth::guard::guard_access;
use crate::export::export_statistics;
use crate::html::get_page;
use crate::openapi::documentation;
use crate::response::error::ApiError;
use crate::statistics::get_named_tasks::get_named_tasks;
use crate::statistics::get_statistics;
use crate::statistics::get_task::get_task;
use crate::statistics::put_statistics::put_statistics;
use crate::statistics::query_statistics;
use crate::summary::get_summary;
use actix_web::dev::{HttpServiceFactory, ServiceRequest};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, web};
use annotation_statistics_access::Access;
use annotation_statistics_page::stylesheet_name;

/// Under the base path and only for those who may, like the next ones.
pub(crate) const STATISTICS: &str = "/statistics";
pub(crate) const STATISTICS_QUERY: &str = "/statistics/query";
pub(crate) const SUMMARY: &str = "/statistics/summary";
pub(crate) const EXPORT: &str = "/statistics/export";
pub(crate) const ANNOTATION_REQUEST: &str = "/annotation-requests/{annotationRequestId}";
pub(crate) const ITS_STATISTICS: &str = "/annotation-requests/{annotationRequestId}/statistics";
pub(crate) const ITS_TASK: &str = "/annotation-requests/{annotationRequestId}/statistics/{taskId}";
/// At the root, like all that follow, and only where no key is needed; the stylesheet's name is that of the page's crate.
pub(crate) const PAGE: &str = "/";
/// For everybody, like all that follow.
pub(crate) const HEALTH_LIVE: &str = "/health/live";
pub(crate) const HEALTH_READY: &str = "/health/ready";
pub(crate) const OPENAPI: &str = "/openapi.json";
const DOCS: &str = "/docs";
const DOCS_FILES: &str = "/docs/{file:.*}";
/// Of the admin listener, like all that follow.
const ADMIN_LIVE: &str = "/live";
const ADMIN_READY: &str = "/ready";
const ADMIN_METRICS: &str = "/metrics";

pub(crate) fn configure(config: &mut web::ServiceConfig, base_path: &BasePath, has_page: bool) {
    if has_page {
        config
            .service(readable(PAGE, get_page::show))
            .service(readable(&format!("/{}", stylesheet_name()), get_page::stylesheet));
    }
    config
        .service(guarded(readable(&format!("{base_path}{STATISTICS}"), get_statistics::get_statistics)))
        .service(guarded(readable(&format!("{base_path}{SUMMARY}"), get_summary::get_summary)))
        .service(guarded(readable(&format!("{base_path}{EXPORT}"), export_statistics::export_statistics)))
        .service(guarded_question(
            closed("POST", &format!("{base_path}{STATISTICS_QUERY}"))
                .route(web::post().to(query_statistics::query_statistics)),
        ))
        .service(guarded(
            closed("GET, HEAD, PUT, DELETE", &format!("{base_path}{ANNOTATION_REQUEST}"))
                .route(web::get().to(get_annotation_request))
                .route(web::head().to(get_annotation_request))
                .route(web::put().to(put_annotation_request))
                .route(web::delete().to(delete_annotation_request)),
        ))
        .service(guarded(
            closed("GET, HEAD, PUT", &format!("{base_path}{ITS_STATISTICS}"))
                .route(web::get().to(get_named_tasks))
                .route(web::head().to(get_named_tasks))
                .route(web::put().to(put_statistics)),
        ))
        .service(guarded(
            closed("GET, HEAD, DELETE", &format!("{base_path}{ITS_TASK}"))
                .route(web::get().to(get_task))
                .route(web::head().to(get_task))
                .route(web::delete().to(delete_task)),
        ))
        .service(readable(HEALTH_LIVE, health::live))
        .service(readable(HEALTH_READY, health::ready))
        .service(readable(OPENAPI, documentation::document))
        .service(readable(DOCS, documentation::ui_folder))
        .service(readable(DOCS_FILES, documentation::ui))
        .default_service(web::to(|| async { refuse(ApiError::Refused(ResponseCode::NotFound)) }));
}

pub(crate) fn configure_admin(config: &mut web::ServiceConfig) {
    config
        .service(readable(ADMIN_LIVE, health::live_version))
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
    closed("GET, HEAD", path).route(web::get().to(handler.clone())).route(web::head().to(handler))
}

/// A resource that knows these methods, which its routes are for, and refuses all others.
fn closed(allowed: &'static str, path: &str) -> Resource {
    web::resource(path).default_service(web::to(move || async move { refuse(ApiError::MethodNotAllowed { allowed }) }))
}

/// A resource for those only who may use it.
fn guarded(resource: Resource) -> impl HttpServiceFactory {
    guarded_by(access, resource)
}

/// The same for a resource whose POST is a question.
fn guarded_question(resource: Resource) -> impl HttpServiceFactory {
    guarded_by(access_to_question, resource)
}

/// What a request does is told by the resource that it came to: whoever looks at its path reads another one than the
/// router, which decodes it.
fn guarded_by(access: fn(&Method) -> Access, resource: Resource) -> impl HttpServiceFactory {
    resource.wrap(from_fn(move |request: ServiceRequest, next| {
        let access = access(request.method());
        guard_access(access, request, next)
    }))
}

/// What a request does. Whatever is not known to be a question counts as a change.
pub(crate) fn access(method: &Method) -> Access {
    if [Method::GET, Method::HEAD].contains(method) { Access::Read } else { Access::Write }
}

/// The same of a resource whose POST is a question.
pub(crate) fn access_to_question(method: &Method) -> Access {
    if *method == Method::POST { Access::Read } else { access(method) }
}

fn refuse(error: ApiError) -> Result<HttpResponse, ApiError> {
    Err(error)
}

#[cfg(test)]
#[path = "routes_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "route_access_tests.rs"]
mod access_tests;
