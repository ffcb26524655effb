//! The sums over all tasks of the requested annotation requests.

mod body;
pub(crate) mod get_summary;
mod params;
