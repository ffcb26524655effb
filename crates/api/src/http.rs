//! What several subjects read of a request.

pub(crate) mod base_path;
pub(crate) mod body_limit;
pub(crate) mod body_memory;
pub(crate) mod body_reader;
pub(crate) mod client_address;
pub(crate) mod clock;
pub(crate) mod content_coding;
pub(crate) mod database_time;
pub(crate) mod entity_tag_list;
pub(crate) mod form_encoding;
pub(crate) mod if_match;
pub(crate) mod json_error;
pub(crate) mod known_state;
pub(crate) mod media_type;
pub(crate) mod path_ids;
pub(crate) mod request_body;
pub(crate) mod request_id;
pub(crate) mod stopwatch;
pub(crate) mod trace_parent;
