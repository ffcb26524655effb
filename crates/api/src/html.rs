//! The HTML page.

pub(crate) mod get_page;
pub(crate) mod html_response;
pub(crate) mod query;
