//! The rows: queried, looked up by task, and recorded.

pub(crate) mod batch;
pub(crate) mod batch_errors;
pub(crate) mod get_named_tasks;
pub(crate) mod get_statistics;
pub(crate) mod get_task;
pub(crate) mod params;
pub(crate) mod put_statistics;
pub(crate) mod query_body;
pub(crate) mod query_statistics;
pub(crate) mod source_name_params;
pub(crate) mod sources;
pub(crate) mod statistics_response;
