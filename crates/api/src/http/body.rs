//! The body of a request: read within a size, a time and a share of the memory.

mod body_limit;
mod form_body;
mod json_object;
mod media_type;
mod reader;
mod request_body;
mod sheet_body;
mod sheet_form;
mod signed_body;

pub(crate) use body_limit::BodyLimit;
pub(crate) use form_body::FormBody;
pub(crate) use json_object::{JsonError, read_object, reason_of, syntax};
pub(crate) use media_type::MediaType;
pub(crate) use request_body::RequestBody;
pub(crate) use sheet_body::SheetBody;
pub(crate) use sheet_form::SheetForm;
pub(crate) use signed_body::hash_body;
