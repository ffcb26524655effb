//! The sums over all tasks of the requested annotation requests.

pub(crate) mod body;
pub(crate) mod get_summary;
