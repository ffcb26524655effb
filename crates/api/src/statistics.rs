//! Pages of the rows of annotation requests.

pub(crate) mod get_statistics;
mod page_cache;
mod page_links;
mod page_query;
mod page_response;
mod page_source;
mod params;
mod query_body;
pub(crate) mod query_statistics;
pub(crate) mod recording;
mod stated;
pub(crate) mod tasks;

pub(crate) use page_cache::PageCache;
#[cfg(test)]
pub(crate) use page_links::MAX_LINK_BYTES;
pub(crate) use page_response::unless_tasks_are_too_large;
pub(crate) use params::StatisticsParams;
#[cfg(test)]
pub(crate) use query_body::ANNOTATION_REQUEST_IDS;
