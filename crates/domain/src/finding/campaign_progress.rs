//! How far the annotation requests of a campaign are.

use crate::CampaignId;

/// How far the annotation requests of a campaign are that were changed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignProgress {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// How many requests these sums are over.
    pub requests: u64,
    /// Whether these are all requests of the campaign; else it has more, which were changed earlier.
    pub is_all: bool,
    /// Their tasks.
    pub tasks: u64,
    /// The tasks in the pool of complete ones.
    pub complete_tasks: u64,
}

/// A page of campaigns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundCampaigns {
    /// The campaigns, in the order of the database.
    pub campaigns: Vec<CampaignProgress>,
    /// Behind which the next page begins; `None` where there is no other.
    pub next: Option<CampaignId>,
}
