//! The sums over all tasks of the requested annotation requests.

mod body;
mod file;
pub(crate) mod get_schedule;
pub(crate) mod get_summary;
mod params;
mod parts;
mod schedule_body;
