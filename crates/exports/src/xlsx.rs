//! A workbook: a summary with formulas, the tasks, and their operation items.

mod legend;
mod properties;
mod sheet;
mod summary_sheet;
mod sums;
mod target;

pub(crate) use properties::properties;
pub(crate) use target::XlsxTarget;
