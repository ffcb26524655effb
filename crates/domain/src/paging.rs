//! Pages of tasks.

pub(crate) mod plan;
pub(crate) mod request;
