//! The `OpenAPI` document and its browser UI. Operations, parameters and schemas are described where they are
//! implemented; here they become one document, with what no attribute can say.

mod access;
#[cfg(test)]
mod api_document;
pub(crate) mod browser_ui;
pub(crate) mod document;
mod headers;
mod parts;
mod settings;
mod shapes;
