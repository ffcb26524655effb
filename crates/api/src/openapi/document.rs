//! The `OpenAPI` document: each operation is described at its handler, each schema at its type.

use crate::openapi::access::{declare_access_keys, without_access_keys};
use crate::openapi::headers::complete_headers;
use crate::openapi::parts::operations;
use crate::openapi::settings::{limit_batches, with_settings};
use crate::openapi::shapes::{complete_shapes, drop_unnamed};
use crate::paths::OPENAPI;
use crate::response::envelope::{JSON, Unwritable};
use crate::response::{ApiError, PathErrors, Refusal};
use crate::{ApiSettings, ApiState};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::{HttpResponse, web};
use utoipa::OpenApi;

const CACHING: HeaderValue = HeaderValue::from_static("no-cache");

/// Under the base path, and guarded by access keys where they are enabled.
#[derive(OpenApi)]
#[openapi(paths(
    crate::statistics::get_statistics::get_statistics,
    crate::statistics::query_statistics::query_statistics,
    crate::summary::get_summary::get_summary,
    crate::export::export_statistics::export_statistics,
    crate::annotation_requests::get_annotation_request::get_annotation_request,
    crate::annotation_requests::put_annotation_request::put_annotation_request,
    crate::annotation_requests::delete_annotation_request::delete_annotation_request,
    crate::annotation_requests::delete_annotation_request::delete_task,
    crate::statistics::tasks::get_named_tasks::get_named_tasks,
    crate::statistics::recording::put_statistics::put_statistics,
    crate::statistics::tasks::get_task::get_task,
))]
struct Guarded;

/// At the root, and never guarded.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Annotation statistics",
        description = "Records what was annotated in the tasks of annotation requests, and responds to queries for it. \
            Every response is an envelope of six fields. HEAD works wherever GET does.",
    ),
    paths(crate::admin::health::live, crate::admin::health::ready, get_document),
    components(schemas(Refusal))
)]
struct Open;

/// The `OpenAPI` 3.1 document of an interface with these settings, as it is served where requests need an access key.
///
/// # Errors
/// When it cannot be written as JSON: a bug.
pub fn openapi_json(settings: &ApiSettings) -> Result<String, serde_json::Error> {
    let mut document = document(settings)?;
    declare_access_keys(&mut document);
    json(&document, settings)
}

/// The same for a service without access keys.
fn open_openapi_json(settings: &ApiSettings) -> Result<String, serde_json::Error> {
    let mut document = document(settings)?;
    without_access_keys(&mut document);
    json(&document, settings)
}

fn document(settings: &ApiSettings) -> Result<utoipa::openapi::OpenApi, serde_json::Error> {
    let mut document = Open::openapi().nest(settings.base_path.to_string(), Guarded::openapi());
    // Their default is the module of the handler, which is nothing to a client.
    operations(&mut document).for_each(|operation| operation.tags = None);
    complete_headers(&mut document);
    complete_shapes(&mut document);
    drop_unnamed(&mut document)?;
    limit_batches(&mut document, settings);
    Ok(document)
}

fn json(document: &utoipa::openapi::OpenApi, settings: &ApiSettings) -> Result<String, serde_json::Error> {
    let mut document = with_settings(&document.to_pretty_json()?, settings);
    document.push('\n');
    Ok(document)
}

#[utoipa::path(
    get,
    path = OPENAPI,
    operation_id = "getOpenApi",
    summary = "This document",
    responses((status = 200, description = "This document", body = inline(Object)), PathErrors),
)]
pub(crate) async fn get_document(state: web::Data<ApiState>) -> Result<HttpResponse, ApiError> {
    let document = match state.document.get() {
        Some(document) => document.clone(),
        None => written(&state).map(|text| state.document.get_or_init(|| text.into()).clone())?,
    };
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, JSON)).insert_header((CACHE_CONTROL, CACHING)).body(document))
}

fn written(state: &ApiState) -> Result<String, ApiError> {
    let written =
        if state.guard.is_some() { openapi_json(&state.settings) } else { open_openapi_json(&state.settings) };
    written.map_err(|error| Unwritable::from(std::io::Error::from(error)).into())
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
