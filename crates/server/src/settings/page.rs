//! Settings of the HTML page.

use super::error::SettingsError;
use annotation_statistics_api::PageSettings;
use serde::Deserialize;

/// `[page]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct PageSection {
    pub publisher: String,
    pub time_zone: String,
}

impl PageSection {
    /// What the API needs of them.
    pub(super) fn settings(&self) -> Result<PageSettings, SettingsError> {
        PageSettings::new(&self.publisher, &self.time_zone)
            .map_err(|error| SettingsError::Unusable { key: "page.time_zone", why: error.to_string() })
    }
}
