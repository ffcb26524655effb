//! The parameters of a request in its path, query string and headers, and how invalid ones are reported.

#[cfg(feature = "openapi")]
mod conditions;
mod filters;
mod if_match;
mod named_statement;
mod path_ids;
mod query_string;
mod request_ids;
mod statement;
mod task_filter;
mod time_zone;

#[cfg(feature = "openapi")]
pub(crate) use conditions::{IfNoneMatch, MinRevision};
pub(crate) use filters::{CAMPAIGN_ID, ITEMS_BY, POOL_TYPE, SHARE, STATUS, names_list, refuse_filter, refuse_unknown};
pub(crate) use if_match::IfMatch;
pub(crate) use named_statement::{parse_one_request, parse_statement};
pub(crate) use path_ids::{PathKey, PathRequest, PathStatement, PathTask, statement_in_path, task_number};
pub(crate) use query_string::{
    BOM, DEFAULT_LIMIT, FORMAT, LIMIT, OFFSET, decode_name, flag, number, parameters, take_number, take_once,
};
#[cfg(feature = "openapi")]
pub(crate) use query_string::{LimitNumber, PageParams};
#[cfg(feature = "openapi")]
pub(crate) use request_ids::ListParams;
pub(crate) use request_ids::{ANNOTATION_REQUEST_ID, RequestIdList, bounded, names_the_list, parse_requests};
pub(crate) use statement::{STATEMENT, statement_name};
#[cfg(feature = "openapi")]
pub(crate) use statement::{StatementNameText, StatementParam};
#[cfg(feature = "openapi")]
pub(crate) use task_filter::FilterParams;
pub(crate) use task_filter::{FilterList, each_of};
#[cfg(feature = "openapi")]
pub(crate) use time_zone::TimeZoneParam;
pub(crate) use time_zone::{TIME_ZONE, time_zone};
