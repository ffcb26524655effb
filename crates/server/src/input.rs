//! Annotation files as input of commands: opened, decompressed and read as tasks.

pub(crate) mod arguments;
pub(crate) mod earlier_tasks;
pub(crate) mod error;
pub(crate) mod reader;
pub(crate) mod task_source;
pub(crate) mod tasks;
