//! The HTML page.

pub(crate) mod get_html;
pub(crate) mod html_response;
pub(crate) mod query;
