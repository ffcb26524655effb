//! All tasks as one file.

mod accept;
pub(crate) mod export_statistics;
mod params;
mod pipe;

pub(crate) use params::{BOM, FORMAT, LAYOUT};
