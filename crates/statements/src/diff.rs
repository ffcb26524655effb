//! Compares two states of an annotation request, such as two statements of it. See ADR 106.
//!
//! [`Comparison`] takes the rows of both sides in ascending order of the ids of their tasks, and gives each task that differs
//! to [`DiffLines`]. Rows that are the same bytes on both sides are not parsed. It holds one row of each side at a time.

mod changed_task;
mod comparison;
mod count_lines;
mod csv_lines;
mod first_lines;
mod known_sums;
mod outcome;
mod row_lines;
mod tally;
mod task_counts;
mod workbook;
mod workbook_summary;

pub use changed_task::{Change, ChangedTask, Delivery, TaskState};
pub use comparison::{Comparison, DiffError, DiffLines, Side};
pub use csv_lines::DiffCsv;
pub use first_lines::{FirstLines, KeptLine};
pub use known_sums::{KnownItem, KnownSums};
pub use outcome::{Diff, ItemDelta, SideSums, SumsDelta};
pub use row_lines::{FrameLines, RowLines, TextLines};
pub use task_counts::TaskCounts;
pub use workbook::DiffWorkbook;
pub use workbook_summary::{DiffStates, StateName};

#[cfg(test)]
mod tests;
