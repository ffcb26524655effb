//! The HTML page.

pub(crate) mod get_html;
mod html_response;
mod query;
