//! The export in the `OpenAPI` document.

use crate::export::{BOM, FORMAT, LAYOUT};
use crate::openapi::document::{ids, parameter};
use crate::openapi::query::MIN_REVISION_ABOUT;
use crate::openapi::responses::{header, responses, stamped};
use crate::openapi::schemas::text;
use crate::{ApiSettings, ResponseCode};
use annotation_statistics_exports::{ExportFormat, Layout};
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{Content, ObjectBuilder, Type};

const ABOUT: &str = "All tasks of the asked annotation requests as one file, streamed and of one moment, in the order of \
    `GET /statistics`. A connection that is cut off before the end of the body has not sent all.";
const FORMAT_ABOUT: &str = "The format; without it, `Accept` decides, and csv where that allows anything.";
const LAYOUT_ABOUT: &str = "Of a table: a line for each task, with a column for each operation item, or a line for each \
    task and item.";
const BOM_ABOUT: &str = "Whether csv starts with a byte order mark, by which Excel knows that it is UTF-8.";

const REFUSALS: [ResponseCode; 6] = [
    ResponseCode::InvalidParameter,
    ResponseCode::UnknownAnnotationRequest,
    ResponseCode::MethodNotAllowed,
    ResponseCode::PayloadTooLarge,
    ResponseCode::Broken,
    ResponseCode::Unavailable,
];

pub(crate) fn export(settings: &ApiSettings) -> OperationBuilder {
    let formats = text().enum_values(Some(ExportFormat::ALL.map(ExportFormat::name)));
    let layouts =
        text().enum_values(Some(Layout::ALL.map(Layout::name))).default(Some(Layout::default().name().into()));
    let flag = ObjectBuilder::new().schema_type(Type::Boolean).default(Some(false.into()));
    let mut file = stamped("The file")
        .header("Content-Disposition", header("The name of the file (RFC 6266).", text()))
        .header("Counting-Rule", header("By which rules was counted.", text()));
    for format in ExportFormat::ALL {
        file = file.content(format.media_type(), Content::new(Some(text())));
    }
    OperationBuilder::new()
        .operation_id(Some("exportStatistics"))
        .summary(Some("All tasks of annotation requests as one file"))
        .description(Some(format!("{ABOUT} {MIN_REVISION_ABOUT}")))
        .parameter(ids(settings))
        .parameter(parameter(FORMAT, FORMAT_ABOUT).schema(Some(formats)))
        .parameter(parameter(LAYOUT, LAYOUT_ABOUT).schema(Some(layouts)))
        .parameter(parameter(BOM, BOM_ABOUT).schema(Some(flag)))
        .responses(responses([("200", file.build())], &REFUSALS))
}
