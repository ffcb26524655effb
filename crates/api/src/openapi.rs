//! The `OpenAPI` document and its browser UI. Operations, parameters and schemas are described where they are
//! implemented; here they become one document, with what no attribute can say.

mod access;
#[cfg(test)]
mod api_document;
pub(crate) mod document;
pub(crate) mod documentation;
mod headers;
mod parts;
mod settings;
mod shapes;
