//! Annotation requests: registered, read and deleted.

mod body;
pub(crate) mod delete_annotation_request;
pub(crate) mod get_annotation_request;
pub(crate) mod put_annotation_request;
