//! Rows are recorded: a batch of an annotation request.

pub(crate) mod batch;
pub(crate) mod batch_errors;
pub(crate) mod put_statistics;
