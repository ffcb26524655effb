//! A sheet that is compared with what is recorded: the form for it, and what the comparison comes to.

mod compared_sheet;
mod numbers;
mod reconcile_view;
#[cfg(test)]
mod tests;

pub use compared_sheet::{ClassCounts, ComparedSheet, ComparedSum, Difference, SheetForm, StatedTotal};
pub use reconcile_view::{render_compared, render_sheet_form};
