//! `/reconcile`: a form for a sheet, and what comparing it with what is recorded comes to.

mod compare_sheet;
mod compared_view;
mod sheet_page;
mod show_form;

pub(crate) use compare_sheet::compare_sheet;
pub(crate) use show_form::show_form;

#[cfg(test)]
mod tests;
