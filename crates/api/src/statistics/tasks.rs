//! Single tasks of an annotation request: found by id or by source name.

pub(crate) mod get_named_tasks;
pub(crate) mod get_task;
mod source_name_params;
