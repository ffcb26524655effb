//! The stage: where the tasks of a stream are before any of them is merged (ADR 17, 66).

mod arrays;
mod incoming;
mod stage_error;
mod staged_requests;
mod staging_table;

pub(super) use arrays::staged_in_arrays;
pub(super) use incoming::{FEW_TASKS, Incoming};
pub(super) use stage_error::StageError;
pub(super) use staged_requests::staged_requests;
pub(super) use staging_table::{Staged, fill};
