//! Annotation requests, campaigns and tasks of which not all is known: found, a page at a time.

mod cursor;
pub(crate) mod find_tasks;
mod find_tasks_params;
pub(crate) mod list_requests;
mod list_requests_params;
mod listed_body;
pub(crate) mod query_values;

pub(crate) use list_requests_params::ListRequestsParams;
pub use list_requests_params::start_time;
