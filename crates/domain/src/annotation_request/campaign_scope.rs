//! The campaigns that a caller may see.

use crate::CampaignId;
use std::collections::BTreeSet;

/// The campaigns that a read or a change may be about.
///
/// To the caller, a request of any other campaign does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CampaignScope {
    /// Every campaign.
    All,
    /// These only; none at all when it is empty.
    Only(BTreeSet<CampaignId>),
}

impl CampaignScope {
    /// Whether requests of the campaign may be seen.
    pub fn covers(&self, campaign: &CampaignId) -> bool {
        match self {
            Self::All => true,
            Self::Only(campaigns) => campaigns.contains(campaign),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_campaigns_are_covered() {
        let campaign = |id: &str| CampaignId::new(id).unwrap();
        let only = CampaignScope::Only(BTreeSet::from([campaign("a")]));
        assert!(CampaignScope::All.covers(&campaign("b")) && only.covers(&campaign("a")));
        assert!(!only.covers(&campaign("b")) && !CampaignScope::Only(BTreeSet::new()).covers(&campaign("a")));
    }
}
