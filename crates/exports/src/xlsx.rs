//! A workbook: a summary with formulas, the tasks, and their operation items.

mod legend;
mod sheet;
mod summary_sheet;
mod sums;
mod target;

pub(crate) use target::XlsxTarget;
