//! Rows are recorded: a batch of an annotation request.

mod batch;
mod batch_errors;
pub(crate) mod put_statistics;

#[cfg(test)]
pub(crate) use batch_errors::MAX_REPORTED;
