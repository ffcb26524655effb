//! Pages of the rows of annotation requests.

pub(crate) mod get_statistics;
pub(crate) mod page_links;
pub(crate) mod page_response;
pub(crate) mod params;
pub(crate) mod query_body;
pub(crate) mod query_statistics;
