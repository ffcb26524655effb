//! An export, as the document describes it: in each of the formats.

use crate::response::schema::{ContentDisposition, CountingRuleOfFile, header, schema_types, text};
use annotation_statistics_exports::ExportFormat;
use std::collections::BTreeMap;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{Content, ObjectBuilder, RefOr, Response, ResponseBuilder};
use utoipa::{IntoParams, IntoResponses};

schema_types! {
    FormatName = text().enum_values(Some(ExportFormat::ALL.map(ExportFormat::name)));
    LayoutName = text().enum_values(Some(["wide", "long"])).default(Some("wide".into()));
    Flag = ObjectBuilder::new().schema_type(Type::Boolean).default(Some(false.into()));
}

/// In which form.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct FormParams {
    /// The format; without it, `Accept` decides, and csv where that allows anything.
    #[param(inline, required = false)]
    format: FormatName,
    /// Of a table: a line for each task, with a column for each operation item, or a line for each task and item.
    #[param(inline, required = false)]
    layout: LayoutName,
    /// Whether csv starts with a byte order mark, by which Excel knows that it is UTF-8.
    #[param(inline, required = false)]
    bom: Flag,
}

/// The file.
pub(crate) enum ExportedFile {}

impl IntoResponses for ExportedFile {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let file = ResponseBuilder::new()
            .description("The file")
            .header("Content-Disposition", header::<ContentDisposition>())
            .header("Counting-Rule", header::<CountingRuleOfFile>());
        let content = || Content::new(Some(text()));
        let file = ExportFormat::ALL.iter().fold(file, |file, format| file.content(format.media_type(), content()));
        [("200".to_owned(), file.build().into())].into()
    }
}
