//! Annotation requests: registered, read, found and deleted.

mod body;
pub(crate) mod delete_annotation_request;
pub(crate) mod diff;
pub(crate) mod finding;
pub(crate) mod get_annotation_request;
pub(crate) mod put_annotation_request;
pub(crate) mod reconciliation;
pub(crate) mod statements;
pub(crate) mod taxonomy;

pub(crate) use body::rfc_3339;
