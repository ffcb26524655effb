//! All tasks as one file.

mod accept;
mod export_head;
pub(crate) mod export_statistics;
#[cfg(feature = "openapi")]
mod exported_file;
mod params;
mod pipe;
