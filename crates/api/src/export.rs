//! All tasks as one file.

mod accept;
pub(crate) mod export_statistics;
mod exported_file;
mod params;
mod pipe;
