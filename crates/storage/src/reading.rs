//! Reads: pages, sums, exports and recent requests.

pub(crate) mod bounded_rows;
pub(crate) mod export_cursor;
pub(crate) mod operation_items;
pub(crate) mod recent_requests;
pub(crate) mod request_counters;
pub(crate) mod statistics_exporter;
pub(crate) mod statistics_repository;
pub(crate) mod summary_repository;
pub(crate) mod summary_rows;
pub(crate) mod task_rows;
