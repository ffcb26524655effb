//! A workbook: a summary with formulas, the tasks, and their operation items.

mod legend;
mod lines_workbook;
mod properties;
mod sheet;
mod summary_sheet;
mod sums;
mod target;

pub use lines_workbook::{LinesWorkbook, SummaryCell};
pub(crate) use properties::properties;
pub(crate) use target::XlsxTarget;
