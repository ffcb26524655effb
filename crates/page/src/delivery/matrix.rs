//! Operation items as lines, and what they are kept apart by as columns.

mod by_pool;
mod by_request;
mod request_sums;
mod side_by_side;
mod table;

pub(crate) use by_pool::by_pool;
pub(crate) use by_request::{RequestMatrices, request_matrices};
pub(crate) use table::Matrix;

#[cfg(test)]
mod tests;
