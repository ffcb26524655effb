//! All tasks as one file.

mod accept;
pub(crate) mod export_statistics;
#[cfg(feature = "openapi")]
mod exported_file;
mod params;
mod pipe;
