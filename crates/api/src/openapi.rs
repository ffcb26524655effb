//! The `OpenAPI` document and its browser UI.

#[cfg(test)]
pub(crate) mod api_document;
pub(crate) mod document;
pub(crate) mod documentation;
pub(crate) mod export;
pub(crate) mod query;
pub(crate) mod responses;
pub(crate) mod schemas;
pub(crate) mod security;
pub(crate) mod summary;
pub(crate) mod write_schemas;
pub(crate) mod writes;
