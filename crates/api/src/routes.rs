//! Which handler serves which path and method.

use crate::admin::{health, metrics_text};
use crate::annotation_requests::delete_annotation_request::{delete_annotation_request, delete_task};
use crate::annotation_requests::diff::get_diff::get_diff;
use crate::annotation_requests::finding::find_tasks::find_tasks;
use crate::annotation_requests::finding::list_requests::list_requests;
use crate::annotation_requests::get_annotation_request::get_annotation_request;
use crate::annotation_requests::put_annotation_request::put_annotation_request;
use crate::annotation_requests::reconciliation::post_reconciliation::reconcile;
use crate::annotation_requests::statements::get_files::{get_document as get_statement_document, get_signature};
use crate::annotation_requests::statements::get_rows::{get_compressed_rows, get_rows};
use crate::annotation_requests::statements::get_statement::get_statement;
use crate::annotation_requests::statements::list_keys::{get_key, list_keys};
use crate::annotation_requests::statements::list_statements::list_statements;
use crate::annotation_requests::statements::put_statement::put_statement;
use crate::annotation_requests::taxonomy::get_conformance::get_conformance;
use crate::annotation_requests::taxonomy::get_taxonomy::get_taxonomy;
use crate::annotation_requests::taxonomy::put_taxonomy::put_taxonomy;
use crate::auth::{LinkedTo, Need, access, access_to_query};
use crate::export::export_statistics;
use crate::html::session::{share, sign_in, sign_out};
use crate::html::{get_findings, get_html, reconcile as reconcile_page, statement as statement_page};
use crate::middleware::{guard_access, guard_page};
use crate::openapi::browser_ui;
use crate::openapi::document::get_document;
use crate::paths::{
    ADMIN_LIVE, ADMIN_METRICS, ADMIN_READY, ANNOTATION_REQUEST, ANNOTATION_REQUESTS, CONFORMANCE, DIFF, DOCS,
    DOCS_FILES, EXPORT, HEALTH_LIVE, HEALTH_READY, HTML, HTML_FIND, HTML_RECONCILE, HTML_STATEMENT, HTML_STATEMENTS,
    OPENAPI, RECONCILIATIONS, REQUEST_STATISTICS, REQUEST_TASK, REQUEST_TAXONOMY, SCHEDULE, SHARE, SIGN_IN, SIGN_OUT,
    STATEMENT, STATEMENT_JSON, STATEMENT_KEY, STATEMENT_KEYS, STATEMENT_ROWS, STATEMENT_SIG, STATEMENT_ZSTD,
    STATEMENTS, STATISTICS, STATISTICS_QUERY, SUMMARY, TASKS,
};
use crate::response::ApiError;
use crate::statistics::recording::put_statistics::put_statistics;
use crate::statistics::tasks::get_named_tasks::get_named_tasks;
use crate::statistics::tasks::get_task::get_task;
use crate::statistics::{get_statistics, query_statistics};
use crate::summary::{get_schedule, get_summary};
use crate::{BasePath, ResponseCode};
use actix_web::dev::{HttpServiceFactory, ServiceRequest};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, web};
use annotation_statistics_access::Access;
use annotation_statistics_page::stylesheet_name;

pub(crate) fn configure(config: &mut web::ServiceConfig, base_path: &BasePath, needs_keys: bool) {
    config
        .service(page(LinkedTo::List, readable(HTML, get_html::show)))
        .service(page(LinkedTo::Nothing, readable(HTML_FIND, get_findings::find)))
        .service(page(
            LinkedTo::Nothing,
            closed("GET, HEAD, POST", HTML_RECONCILE)
                .route(web::get().to(reconcile_page::show_form))
                .route(web::head().to(reconcile_page::show_form))
                .route(web::post().to(reconcile_page::compare_sheet)),
        ))
        .service(page(
            LinkedTo::Nothing,
            closed("GET, HEAD, POST", HTML_STATEMENTS)
                .route(web::get().to(statement_page::list_statements))
                .route(web::head().to(statement_page::list_statements))
                .route(web::post().to(statement_page::make_statement)),
        ))
        .service(page(LinkedTo::Statement, readable(HTML_STATEMENT, statement_page::show_statement)))
        .service(readable(&format!("/{}", stylesheet_name()), get_html::stylesheet));
    if needs_keys {
        configure_sign_in(config);
    }
    configure_statistics(config, base_path);
    configure_annotation_requests(config, base_path);
    configure_taxonomies(config, base_path);
    configure_statements(config, base_path);
    configure_finding(config, base_path);
    config
        .service(readable(HEALTH_LIVE, health::live))
        .service(readable(HEALTH_READY, health::ready))
        .service(readable(OPENAPI, get_document))
        .service(readable(DOCS, browser_ui::ui_folder))
        .service(readable(DOCS_FILES, browser_ui::ui))
        .default_service(web::to(|| async { refuse(ApiError::Refused(ResponseCode::NotFound)) }));
}

/// The forms of people who sign in.
fn configure_sign_in(config: &mut web::ServiceConfig) {
    config
        .service(
            closed("GET, HEAD, POST", SIGN_IN)
                .route(web::get().to(sign_in::to_page))
                .route(web::head().to(sign_in::to_page))
                .route(web::post().to(sign_in::sign_in)),
        )
        .service(page(LinkedTo::Nothing, closed("POST", SIGN_OUT).route(web::post().to(sign_out::sign_out))))
        .service(page(LinkedTo::Nothing, closed("POST", SHARE).route(web::post().to(share::share))));
}

fn configure_statistics(config: &mut web::ServiceConfig, base_path: &BasePath) {
    config
        .service(guarded_list(readable(&format!("{base_path}{STATISTICS}"), get_statistics::get_statistics)))
        .service(guarded_list(readable(&format!("{base_path}{SUMMARY}"), get_summary::get_summary)))
        .service(guarded_list(readable(&format!("{base_path}{SCHEDULE}"), get_schedule::get_schedule)))
        .service(guarded_list(readable(&format!("{base_path}{EXPORT}"), export_statistics::export_statistics)))
        .service(guarded_query(
            closed("POST", &format!("{base_path}{STATISTICS_QUERY}"))
                .route(web::post().to(query_statistics::query_statistics)),
        ));
}

fn configure_finding(config: &mut web::ServiceConfig, base_path: &BasePath) {
    config
        .service(guarded(readable(&format!("{base_path}{ANNOTATION_REQUESTS}"), list_requests)))
        .service(guarded(readable(&format!("{base_path}{TASKS}"), find_tasks)));
}

fn configure_annotation_requests(config: &mut web::ServiceConfig, base_path: &BasePath) {
    config
        .service(guarded(
            closed("GET, HEAD, PUT, DELETE", &format!("{base_path}{ANNOTATION_REQUEST}"))
                .route(web::get().to(get_annotation_request))
                .route(web::head().to(get_annotation_request))
                .route(web::put().to(put_annotation_request))
                .route(web::delete().to(delete_annotation_request)),
        ))
        .service(guarded(
            closed("GET, HEAD, PUT", &format!("{base_path}{REQUEST_STATISTICS}"))
                .route(web::get().to(get_named_tasks))
                .route(web::head().to(get_named_tasks))
                .route(web::put().to(put_statistics)),
        ))
        .service(guarded(
            closed("GET, HEAD, DELETE", &format!("{base_path}{REQUEST_TASK}"))
                .route(web::get().to(get_task))
                .route(web::head().to(get_task))
                .route(web::delete().to(delete_task)),
        ));
}

fn configure_taxonomies(config: &mut web::ServiceConfig, base_path: &BasePath) {
    config
        .service(guarded(
            closed("GET, HEAD, PUT", &format!("{base_path}{REQUEST_TAXONOMY}"))
                .route(web::get().to(get_taxonomy))
                .route(web::head().to(get_taxonomy))
                .route(web::put().to(put_taxonomy)),
        ))
        .service(guarded(readable(&format!("{base_path}{CONFORMANCE}"), get_conformance)))
        .service(guarded(readable(&format!("{base_path}{DIFF}"), get_diff)))
        .service(guarded_query(
            closed("POST", &format!("{base_path}{RECONCILIATIONS}")).route(web::post().to(reconcile)),
        ));
}

fn configure_statements(config: &mut web::ServiceConfig, base_path: &BasePath) {
    config
        .service(guarded(readable(&format!("{base_path}{STATEMENTS}"), list_statements)))
        .service(guarded(
            closed("GET, HEAD, PUT", &format!("{base_path}{STATEMENT}"))
                .route(web::get().to(get_statement))
                .route(web::head().to(get_statement))
                .route(web::put().to(put_statement)),
        ))
        .service(guarded_file(readable(&format!("{base_path}{STATEMENT_JSON}"), get_statement_document)))
        .service(guarded_file(readable(&format!("{base_path}{STATEMENT_SIG}"), get_signature)))
        .service(guarded_file(readable(&format!("{base_path}{STATEMENT_ROWS}"), get_rows)))
        .service(guarded_file(readable(&format!("{base_path}{STATEMENT_ZSTD}"), get_compressed_rows)))
        .service(guarded(readable(&format!("{base_path}{STATEMENT_KEYS}"), list_keys)))
        .service(guarded_by(access, readable(&format!("{base_path}{STATEMENT_KEY}"), get_key), LinkedTo::Statement));
}

pub(crate) fn configure_admin(config: &mut web::ServiceConfig) {
    config
        .service(readable(ADMIN_LIVE, health::live_version))
        .service(readable(ADMIN_READY, health::ready))
        .service(readable(ADMIN_METRICS, metrics_text::metrics))
        .default_service(web::to(|| async { refuse(ApiError::Refused(ResponseCode::NotFound)) }));
}

/// A read-only resource; HEAD is handled as GET, and the server drops its body.
fn readable<H, Arguments>(path: &str, handler: H) -> Resource
where
    H: Handler<Arguments>,
    Arguments: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    closed("GET, HEAD", path).route(web::get().to(handler.clone())).route(web::head().to(handler))
}

/// A resource that refuses all methods but these.
fn closed(allowed: &'static str, path: &str) -> Resource {
    web::resource(path).default_service(web::to(move || async move { refuse(ApiError::MethodNotAllowed { allowed }) }))
}

/// A resource that needs authorization.
fn guarded(resource: Resource) -> impl HttpServiceFactory {
    guarded_by(access, resource, LinkedTo::Nothing)
}

/// The same for a resource that reads the list of annotation requests in its query, for which share links are good.
fn guarded_list(resource: Resource) -> impl HttpServiceFactory {
    guarded_by(access, resource, LinkedTo::List)
}

/// The same for a file of the statement in its path, for which its share links are good.
fn guarded_file(resource: Resource) -> impl HttpServiceFactory {
    guarded_by(access, resource, LinkedTo::StatementFile)
}

/// A page, which people see who have signed in; also those who have a share link, if it is for what the page shows.
fn page(linked: LinkedTo, resource: Resource) -> impl HttpServiceFactory {
    resource.wrap(from_fn(move |request: ServiceRequest, next| guard_page(linked, request, next)))
}

/// The same for a resource whose POST only reads.
fn guarded_query(resource: Resource) -> impl HttpServiceFactory {
    guarded_by(access_to_query, resource, LinkedTo::Nothing)
}

/// The access follows from the matched resource: the raw path may differ from what the router matched, as the router
/// decodes it.
fn guarded_by(access: fn(&Method) -> Access, resource: Resource, linked: LinkedTo) -> impl HttpServiceFactory {
    resource.wrap(from_fn(move |request: ServiceRequest, next| {
        let need = Need::new(access(request.method()), request.method(), linked);
        guard_access(need, request, next)
    }))
}

fn refuse(error: ApiError) -> Result<HttpResponse, ApiError> {
    Err(error)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod access_tests;
