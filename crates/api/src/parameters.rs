//! The parameters of a request in its path, query string and headers, and how invalid ones are reported.

pub(crate) mod if_match;
pub(crate) mod path_ids;
pub(crate) mod query_string;
pub(crate) mod request_ids;
