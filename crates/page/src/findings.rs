//! What was found, for the page by which people find annotation requests.

use annotation_statistics_domain::{CampaignProgress, ListedRequest, TaskPlace};

/// Something that was found, and where it leads to.
#[derive(Debug, Clone)]
pub struct FoundRow<T> {
    /// What was found.
    pub row: T,
    /// A link, relative to the page.
    pub link: String,
    /// When it was last changed, in words; empty where that is not known.
    pub changed: String,
}

/// What was looked for, as it was typed, and what was found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// A part of an id.
    pub part: String,
    /// A campaign.
    pub campaign: String,
    /// How far the requests are.
    pub status: String,
    /// From when on they were changed.
    pub changed_since: String,
    /// The id of a task, or what it was made of.
    pub task: String,
    /// Why nothing is shown.
    pub notice: Option<String>,
    /// The annotation requests.
    pub requests: Vec<FoundRow<ListedRequest>>,
    /// Where the next of them are.
    pub more_requests: Option<String>,
    /// The campaigns.
    pub campaigns: Vec<FoundRow<CampaignProgress>>,
    /// Where the next of them are.
    pub more_campaigns: Option<String>,
    /// The tasks.
    pub tasks: Vec<FoundRow<TaskPlace>>,
    /// Whether there are more of them.
    pub are_more_tasks: bool,
}
