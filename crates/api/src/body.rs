//! The body of a request: read within a size, a time and a share of the memory.

pub(crate) mod json_object;
pub(crate) mod media_type;
pub(crate) mod reader;
pub(crate) mod request_body;
pub(crate) mod signed_body;
