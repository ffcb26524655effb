//! Annotation requests.

pub(crate) mod annotation_request_registry;
pub(crate) mod statements;
