//! The HTML page: its query, its parts, and its errors as HTML.

mod delivery_reads;
pub(crate) mod get_findings;
pub(crate) mod get_html;
mod html_response;
mod letterhead;
mod query;
pub(crate) mod reconcile;
pub(crate) mod session;
pub(crate) mod statement;
