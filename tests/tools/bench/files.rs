//! Commands that read files.

pub(crate) mod reading;
pub(crate) mod reconciling;
