//! Settings of statements.

use super::values::{Time, non_empty};
use annotation_statistics_api::StatementSettings;
use serde::Deserialize;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// `[statements]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct StatementsSection {
    pub signing_key_file: PathBuf,
    pub max_concurrent: NonZeroUsize,
    pub deadline: Time,
}

impl StatementsSection {
    /// What the API needs of them.
    pub(super) fn settings(&self) -> StatementSettings {
        StatementSettings { max_concurrent: self.max_concurrent, deadline: self.deadline.get() }
    }

    /// The file of the signing key, if one is set.
    pub fn signing_key_file(&self) -> Option<&Path> {
        non_empty(&self.signing_key_file)
    }
}
