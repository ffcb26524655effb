//! What a client has written down: read once, checked, and held in little memory.

mod collect;
mod csv;
mod error;
mod json_lines;
mod numbers;
mod options;
mod read;
mod stated;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod workbook;

pub use error::SheetError;
pub use options::{SheetFormat, SheetLimits, SheetOptions, UnknownSheetFormat};
pub use stated::Measure;
pub(crate) use stated::{Stated, StatedMeasure};
pub use values::Sheet;
pub(crate) use values::{Measures, SheetTasks};
