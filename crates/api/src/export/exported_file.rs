//! An export, as the document describes it: in each of the formats.

use crate::response::schema::{
    ContentDisposition, CountingRuleOfFile, ExportedAt, LatestRevision, StatementOfResponse, WeakETag, header,
    schema_types, text,
};
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
        let with_head = |response: ResponseBuilder| {
            let response = response.header("Counting-Rule", header::<CountingRuleOfFile>());
            let response = response.header("ETag", header::<WeakETag>()).header("Revision", header::<LatestRevision>());
            let response = response.header("Exported-At", header::<ExportedAt>());
            response.header("Statement", header::<StatementOfResponse>())
        };
        let file = with_head(ResponseBuilder::new().description("The file"));
        let file = file.header("Content-Disposition", header::<ContentDisposition>());
        let content = || Content::new(Some(text()));
        let file = ExportFormat::ALL.iter().fold(file, |file, format| file.content(format.media_type(), content()));
        let known = with_head(ResponseBuilder::new().description("The client has the current file already; no body"));
        [("200".to_owned(), file.build().into()), ("304".to_owned(), known.build().into())].into()
    }
}
