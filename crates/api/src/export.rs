//! All tasks as one file.

pub(crate) mod accept;
pub(crate) mod export_statistics;
pub(crate) mod params;
pub(crate) mod pipe;
