//! What every response is made of.

mod access_error;
mod api_error;
mod bounded_body;
mod code;
mod conditional;
mod counting_rules;
mod entity_tag;
pub(crate) mod envelope;
#[cfg(feature = "openapi")]
mod error_schemas;
mod invalid_parameter;
mod port_errors;
#[cfg(feature = "openapi")]
pub(crate) mod schema;
mod unknown_requests;

pub(crate) use access_error::AccessError;
pub(crate) use api_error::{ApiError, RETRY_AFTER_SECONDS, ResponseTooLarge, SumsTooLarge};
pub(crate) use bounded_body::WrittenSize;
pub use code::ResponseCode;
pub(crate) use conditional::{
    CACHING, COUNTING_RULE, REVISION, STATEMENT_NAME, not_modified, statement_header, unchanged, with_new_revision,
    with_revision, with_statement, with_tag,
};
#[cfg(test)]
pub(crate) use counting_rules::MAX_COUNTING_RULE_BYTES;
pub(crate) use counting_rules::counting_rules;
#[cfg(test)]
pub(crate) use entity_tag::revision_tag;
pub(crate) use entity_tag::{EntityTag, PageIdentity, is_known};
pub(crate) use envelope::Envelope;
#[cfg(feature = "openapi")]
pub(crate) use error_schemas::{
    AccessErrors, BodyErrors, ConflictErrors, OperationErrors, PathErrors, PreconditionErrors, ReadinessErrors, Refusal,
};
pub(crate) use invalid_parameter::{InvalidParameter, invalid, quoted, shown};
pub(crate) use unknown_requests::list_unknown;
