//! All tasks as one file.

mod accept;
mod export_head;
pub(crate) mod export_statistics;
#[cfg(feature = "openapi")]
mod exported_file;
mod params;
mod pipe;

pub(crate) use export_head::ExportHead;
pub(crate) use pipe::{PipeEnd, PipeReader, PipeWatch, PipeWriter, Progress, ReaderLimits, pipe};
