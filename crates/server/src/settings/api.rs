//! Settings of the API.

use super::error::SettingsError;
use annotation_statistics_api::ROWS_OF_A_BODY;
use serde::Deserialize;
use std::num::{NonZeroU32, NonZeroUsize};

/// The largest `api.max_limit`: a page is in memory as a whole, and a row takes up to about 5 kB there unless its counts
/// are so many that they are read one by one.
const MOST_ROWS_OF_A_PAGE: u32 = 10_000;

/// `[api]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct ApiSection {
    pub base_path: String,
    pub max_ids: NonZeroUsize,
    pub max_query_ids: NonZeroUsize,
    pub max_limit: NonZeroU32,
    pub max_searched: NonZeroU32,
    pub max_batch: NonZeroUsize,
    pub max_items: NonZeroUsize,
    pub max_body: usize,
    pub max_bodies: usize,
    pub max_bodies_per_key: usize,
    pub max_answer: usize,
    pub min_compressed: usize,
}

impl ApiSection {
    pub(super) fn check_rows_of_a_page(&self) -> Result<(), SettingsError> {
        if self.max_limit.get() > MOST_ROWS_OF_A_PAGE {
            let why = format!("the most is {MOST_ROWS_OF_A_PAGE}");
            return Err(SettingsError::Unusable { key: "api.max_limit", why });
        }
        Ok(())
    }

    pub(super) fn check_memory_of_bodies(&self) -> Result<(), SettingsError> {
        let one_request = self.max_body.saturating_mul(1 + ROWS_OF_A_BODY);
        for (key, bytes) in [("api.max_bodies", self.max_bodies), ("api.max_bodies_per_key", self.max_bodies_per_key)] {
            if bytes < one_request {
                let why = format!(
                    "a request with a body of api.max_body, which is {}, and the rows that are read from it may need \
                     {one_request} bytes: raise it to that, or lower api.max_body",
                    self.max_body
                );
                return Err(SettingsError::Unusable { key, why });
            }
        }
        Ok(())
    }
}
