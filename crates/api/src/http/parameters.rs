//! The parameters of a request in its path, query string and headers, and how invalid ones are reported.

mod conditions;
mod if_match;
mod path_ids;
mod query_string;
mod request_ids;

pub(crate) use conditions::{IfNoneMatch, MinRevision};
pub(crate) use if_match::IfMatch;
pub(crate) use path_ids::{PathRequest, PathTask};
pub(crate) use query_string::{
    DEFAULT_LIMIT, LIMIT, LimitNumber, OFFSET, PageParams, decode_name, number, parameters, take_number,
};
pub(crate) use request_ids::{
    ANNOTATION_REQUEST_ID, ListParams, RequestIdList, bounded, names_the_list, parse_requests,
};
