//! Sheets of clients, compared with what is recorded. Nothing of a sheet is stored. See ADR 97.

mod comparing;
mod params;
pub(crate) mod post_reconciliation;
mod reading;
mod reconciliation_body;
mod written_lines;

pub(crate) use comparing::Compared;
pub(crate) use params::worksheet_name;
pub(crate) use reading::SheetReader;
pub(crate) use written_lines::{compare_error, lines_response};

#[cfg(test)]
mod tests;
