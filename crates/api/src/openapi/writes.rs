//! The operations on annotation requests, as the `OpenAPI` document describes them.

use crate::ApiSettings;
use crate::ResponseCode;
use crate::openapi::document::{IF_NONE_MATCH_ABOUT, parameter, positive};
use crate::openapi::query::{REFUSED_BODIES, json_body};
use crate::openapi::responses::{answer, header, responses, stamped};
use crate::openapi::schemas::{bounded, number, text};
use crate::openapi::write_schemas;
use crate::openapi::write_schemas::{
    ANNOTATION_REQUEST_ENVELOPE, DELETED_ENVELOPE, NAMED_TASKS_ENVELOPE, NEW_REQUEST, RECORDED_ENVELOPE, ROW,
    TASK_ENVELOPE,
};
use crate::parameters::DEFAULT_LIMIT;
use annotation_statistics_domain::{AnnotationRequestId, SourceName};
use serde_json::json;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterIn, PathItemBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{ArrayBuilder, Content, ContentBuilder, KnownFormat, PathItem, Ref, Required};

const PUT_ABOUT: &str = "Makes a request known in its campaign, or confirms that it is as given; doing it again changes \
    nothing. Another campaign, or another counting rule, is a conflict.";
const RECORD_ABOUT: &str = "Records tasks of a known request, all of them or none: new ones are appended in the order given, \
    known ones updated in their place. Each task is there once, and its counts add up to `instanceNum` + `attributeNum`.";
const ETAG_ABOUT: &str = "The revision of the request, strong; for `If-Match`.";
const REVISION_ABOUT: &str = "The state that the change led to; for `Min-Revision` of later questions.";
/// In words: whoever sends what a schema of it allows gets 412, as no schema knows the state that a request is in.
const IF_MATCH_ABOUT: &str = "The header `If-Match` may name the states that the change is meant for: entity tags of the \
    request, or `*` for any state. In another one it is 412.";

/// What any operation on a request may come to.
const REFUSED: [ResponseCode; 6] = [
    ResponseCode::InvalidParameter,
    ResponseCode::UnknownAnnotationRequest,
    ResponseCode::MethodNotAllowed,
    ResponseCode::PayloadTooLarge,
    ResponseCode::Broken,
    ResponseCode::Unavailable,
];

/// What a change may come to besides.
const REFUSED_CHANGES: [ResponseCode; 2] = [ResponseCode::Conflict, ResponseCode::PreconditionFailed];

/// `/annotation-requests/{id}`
pub(crate) fn request() -> PathItem {
    let found = answer("The request as it stands", ANNOTATION_REQUEST_ENVELOPE).header("ETag", etag());
    let known = stamped("The client has this answer already; no body").header("ETag", etag());
    let get = operation("getAnnotationRequest", "An annotation request")
        .description(Some(IF_NONE_MATCH_ABOUT))
        .responses(responses([("200", found.build()), ("304", known.build())], &REFUSED));
    let put = operation("putAnnotationRequest", "Make an annotation request known")
        .description(Some(format!("{PUT_ABOUT} {IF_MATCH_ABOUT}")))
        .request_body(Some(json_body(NEW_REQUEST)))
        .responses(changed(
            answer("The request as it stands", ANNOTATION_REQUEST_ENVELOPE).header("ETag", etag()),
            &[&REFUSED[..], &REFUSED_CHANGES, &REFUSED_BODIES].concat(),
        ));
    let delete = operation("deleteAnnotationRequest", "Remove an annotation request and its tasks")
        .description(Some(IF_MATCH_ABOUT))
        .responses(changed(
            answer("How many tasks it had", DELETED_ENVELOPE),
            &[&REFUSED[..], &[ResponseCode::PreconditionFailed]].concat(),
        ));
    PathItemBuilder::new()
        .operation(HttpMethod::Get, get)
        .operation(HttpMethod::Put, put)
        .operation(HttpMethod::Delete, delete)
        .build()
}

/// `/annotation-requests/{id}/statistics`
pub(crate) fn its_statistics(settings: &ApiSettings) -> PathItem {
    let rows = ArrayBuilder::new().items(Ref::from_schema_name(ROW)).max_items(Some(settings.max_batch.get()));
    let list = ContentBuilder::new().schema(Some(rows)).example(Some(json!([write_schemas::example_row()]))).build();
    let lines = Content::new(Some(text().description(Some("A row a line, each as an element of the list."))));
    let body = RequestBodyBuilder::new()
        .description(Some(format!("At most {} rows and {} bytes.", settings.max_batch, settings.max_body)))
        .content("application/json", list)
        .content("application/x-ndjson", lines)
        .required(Some(Required::True))
        .build();
    let put = operation("putStatistics", "Record tasks of an annotation request")
        .description(Some(format!("{RECORD_ABOUT} {IF_MATCH_ABOUT}")))
        .request_body(Some(body))
        .responses(changed(
            answer("What became of the rows", RECORDED_ENVELOPE).header("ETag", etag()),
            &[&REFUSED[..], &REFUSED_CHANGES, &REFUSED_BODIES].concat(),
        ));
    PathItemBuilder::new().operation(HttpMethod::Get, named_tasks()).operation(HttpMethod::Put, put).build()
}

/// The tasks of a request that were made of something with a name.
fn named_tasks() -> OperationBuilder {
    let name =
        parameter("sourceName", "What the tasks were made of, at most 1,024 bytes of UTF-8; compared byte by byte.")
            .required(Required::True)
            .schema(Some(bounded(SourceName::MAX_BYTES)));
    let limit = parameter("limit", "The most tasks to answer; above the server's maximum it is lowered to it.")
        .schema(Some(positive().default(Some(DEFAULT_LIMIT.into()))));
    let found = answer("The tasks in their order, and how many there are", NAMED_TASKS_ENVELOPE).header("ETag", etag());
    let known = stamped("The client has this answer already; no body").header("ETag", etag());
    operation("getNamedTasks", "Tasks of an annotation request by what they were made of")
        .description(Some(IF_NONE_MATCH_ABOUT))
        .parameter(name)
        .parameter(limit)
        .responses(responses([("200", found.build()), ("304", known.build())], &REFUSED))
}

/// `/annotation-requests/{id}/statistics/{taskId}`
pub(crate) fn its_task() -> PathItem {
    let task = parameter("taskId", "The task.")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(number(KnownFormat::Int64)))
        .build();
    let found = answer("The task as it stands", TASK_ENVELOPE).header("ETag", etag());
    let known = stamped("The client has this answer already; no body").header("ETag", etag());
    let get = operation("getTask", "A task of an annotation request")
        .description(Some(IF_NONE_MATCH_ABOUT))
        .parameter(task.clone())
        .responses(responses(
            [("200", found.build()), ("304", known.build())],
            &[&REFUSED[..], &[ResponseCode::NotFound]].concat(),
        ));
    let delete = operation("deleteTask", "Remove a task of an annotation request")
        .description(Some(IF_MATCH_ABOUT))
        .parameter(task)
        .responses(changed(
            answer("The task is gone", DELETED_ENVELOPE).header("ETag", etag()),
            &[&REFUSED[..], &[ResponseCode::NotFound, ResponseCode::PreconditionFailed]].concat(),
        ));
    PathItemBuilder::new().operation(HttpMethod::Get, get).operation(HttpMethod::Delete, delete).build()
}

fn operation(id: &str, summary: &str) -> OperationBuilder {
    let about = "The annotation request: at most 255 bytes of UTF-8; a slash in it is `%2F`.";
    let request = parameter("annotationRequestId", about)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(bounded(AnnotationRequestId::MAX_BYTES)))
        .example(Some(write_schemas::EXAMPLE_ID.into()));
    OperationBuilder::new().operation_id(Some(id)).summary(Some(summary)).parameter(request)
}

fn changed(done: ResponseBuilder, refusals: &[ResponseCode]) -> utoipa::openapi::Responses {
    let revision = header(REVISION_ABOUT, number(KnownFormat::Int64).minimum(Some(0)));
    responses([("200", done.header("Revision", revision).build())], refusals)
}

fn etag() -> utoipa::openapi::header::Header {
    header(ETAG_ABOUT, text().pattern(Some("^\"[0-9]+\"$")))
}
