//! The parameter that names the statement to read.

#[cfg(feature = "openapi")]
use crate::response::schema::{schema_types, text};
use annotation_statistics_domain::{InvalidStatementName, StatementName};
#[cfg(feature = "openapi")]
use utoipa::IntoParams;

pub(crate) const STATEMENT: &str = "statement";

pub(crate) fn statement_name(text: &str) -> Result<StatementName, InvalidStatementName> {
    StatementName::new(text)
}

#[cfg(feature = "openapi")]
schema_types! {
    StatementNameText = text()
        .pattern(Some("^[A-Za-z0-9_-][A-Za-z0-9._-]*$"))
        .min_length(Some(1))
        .max_length(Some(StatementName::MAX_BYTES))
        .examples(["2026-11"]);
}

/// The parameter `statement`, as the document declares it.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(names("statement"), parameter_in = Query)]
pub(crate) struct StatementParam(
    /// The response is that of the statements of this name, in place of what is recorded now: of each requested annotation
    /// request its own, with its tasks in ascending order of their ids. Each must have one.
    #[param(inline, required = false)]
    StatementNameText,
);
