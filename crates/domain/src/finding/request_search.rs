//! Which annotation requests are looked for.

use crate::{AnnotationRequestId, CampaignId, IdPart, StatusFilter};
use std::num::NonZeroU32;
use std::time::SystemTime;

/// Which annotation requests are looked for. All conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSearch {
    /// Those of this campaign only.
    pub campaign_id: Option<CampaignId>,
    /// Those whose id has this part.
    pub id_part: Option<IdPart>,
    /// Those with such tasks.
    pub status: Option<StatusFilter>,
    /// Those that were changed then or later.
    pub changed_since: Option<SystemTime>,
    /// Those behind this one, in the order of the list.
    pub after: Option<RequestPosition>,
    /// At most so many.
    pub limit: NonZeroU32,
}

impl RequestSearch {
    /// All of them, from the one that was changed last on.
    pub fn of_all(limit: NonZeroU32) -> Self {
        Self { campaign_id: None, id_part: None, status: None, changed_since: None, after: None, limit }
    }
}

/// A place in the list of annotation requests: when the request there was changed, and its id. The greatest comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestPosition {
    /// When it was changed, in whole microseconds.
    pub changed_at: SystemTime,
    /// Its id.
    pub id: AnnotationRequestId,
}
