//! What can be set about the interface.

use crate::BasePath;
use std::num::{NonZeroU32, NonZeroUsize};

/// What can be set about the interface; the default is the public contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSettings {
    /// The path under which the statistics are; health and documentation stay at the root. Default: none.
    pub base_path: BasePath,
    /// The most different annotation request ids that one request may ask for. Default: 1,000.
    pub max_ids: NonZeroUsize,
    /// The most rows of a page; a larger limit is lowered to it. Default: 100.
    pub max_limit: NonZeroU32,
    /// The largest body of a request, in bytes. Default: 1,048,576.
    pub max_body: usize,
    /// The smallest body of an answer that is worth compressing, in bytes. Default: 1,024.
    pub min_compressed: usize,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            base_path: BasePath::default(),
            max_ids: NonZeroUsize::MIN.saturating_add(999),
            max_limit: NonZeroU32::MIN.saturating_add(99),
            max_body: 1_048_576,
            min_compressed: 1_024,
        }
    }
}
