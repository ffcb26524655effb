//! The `OpenAPI` document and its browser UI. Operations, parameters and schemas are described where they are
//! implemented. Out of these descriptions the document of the repository is made, which is a part of the program: it is
//! served with the settings of the service. No program that only serves needs the descriptions.

#[cfg(test)]
mod api_document;
pub(crate) mod browser_ui;
pub(crate) mod document;
#[cfg(feature = "openapi")]
pub(crate) mod generated;
mod limits;
mod ordered_json;
mod ui_files;
