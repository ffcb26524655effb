//! The document as the code describes it: each operation at its handler, each schema at its type.

mod access;
mod headers;
mod parts;
mod settings;
mod shapes;

use crate::ApiSettings;
use crate::response::Refusal;
use access::declare_access_keys;
use headers::complete_headers;
use parts::operations;
use settings::{limit_batches, with_settings};
use shapes::{complete_shapes, drop_unnamed};
use utoipa::OpenApi;

/// Under the base path, and guarded by access keys where they are enabled.
#[derive(OpenApi)]
#[openapi(paths(
    crate::statistics::get_statistics::get_statistics,
    crate::statistics::query_statistics::query_statistics,
    crate::summary::get_summary::get_summary,
    crate::summary::get_schedule::get_schedule,
    crate::export::export_statistics::export_statistics,
    crate::annotation_requests::get_annotation_request::get_annotation_request,
    crate::annotation_requests::put_annotation_request::put_annotation_request,
    crate::annotation_requests::delete_annotation_request::delete_annotation_request,
    crate::annotation_requests::delete_annotation_request::delete_task,
    crate::statistics::tasks::get_named_tasks::get_named_tasks,
    crate::statistics::recording::put_statistics::put_statistics,
    crate::statistics::tasks::get_task::get_task,
    crate::annotation_requests::taxonomy::put_taxonomy::put_taxonomy,
    crate::annotation_requests::taxonomy::get_taxonomy::get_taxonomy,
    crate::annotation_requests::taxonomy::get_conformance::get_conformance,
    crate::annotation_requests::reconciliation::post_reconciliation::reconcile,
    crate::annotation_requests::statements::list_statements::list_statements,
    crate::annotation_requests::statements::put_statement::put_statement,
    crate::annotation_requests::statements::get_statement::get_statement,
    crate::annotation_requests::statements::get_files::get_document,
    crate::annotation_requests::statements::get_files::get_signature,
    crate::annotation_requests::statements::get_rows::get_rows,
    crate::annotation_requests::statements::get_rows::get_compressed_rows,
    crate::annotation_requests::statements::list_keys::list_keys,
    crate::annotation_requests::statements::list_keys::get_key,
    crate::annotation_requests::diff::get_diff::get_diff,
    crate::annotation_requests::finding::list_requests::list_requests,
    crate::annotation_requests::finding::find_tasks::find_tasks,
))]
struct Guarded;

/// At the root, and never guarded.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Annotation statistics",
        description = "Records what was annotated in the tasks of annotation requests, and responds to queries for it. \
            Every response is an envelope of six fields. HEAD works wherever GET does. To try reads in the browser where \
            access keys are needed, sign in at the page of the service (`/`) first: changes are always signed.",
    ),
    paths(crate::admin::health::live, crate::admin::health::ready, crate::openapi::document::get_document),
    components(schemas(Refusal))
)]
struct Open;

/// The `OpenAPI` 3.1 document of an interface with these settings, where requests need an access key.
///
/// # Errors
/// When it cannot be written as JSON: a bug.
pub fn openapi_json(settings: &ApiSettings) -> Result<String, serde_json::Error> {
    let mut document = Open::openapi().nest(settings.base_path.to_string(), Guarded::openapi());
    // Their default is the module of the handler, which is nothing to a client.
    operations(&mut document).for_each(|operation| operation.tags = None);
    complete_headers(&mut document);
    complete_shapes(&mut document);
    drop_unnamed(&mut document)?;
    limit_batches(&mut document, settings);
    declare_access_keys(&mut document);
    let mut document = with_settings(&document.to_pretty_json()?, settings);
    document.push('\n');
    Ok(document)
}

#[cfg(test)]
#[path = "generated_tests.rs"]
mod tests;
