//! What several subjects read of a request.

pub(crate) mod allowed_hosts;
pub(crate) mod base_path;
pub(crate) mod body_memory;
pub(crate) mod caller;
pub(crate) mod client_address;
pub(crate) mod clock;
pub(crate) mod content_coding;
pub(crate) mod database_time;
pub(crate) mod entity_tag_list;
pub(crate) mod form_encoding;
pub(crate) mod request_context;
pub(crate) mod request_id;
pub(crate) mod stopwatch;
pub(crate) mod trace_parent;
