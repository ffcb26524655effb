//! What a page is read for, and what comes of it.

use crate::reading::known_layouts::{KnownLayouts, Layout};
use crate::reading::sharding::Sharding;
use annotation_statistics_domain::{
    AnnotationRequestIds, CampaignId, CampaignScope, PageRequest, RepositoryError, StatisticsPage,
};
use std::ops::Range;

pub(crate) type PageResult = Result<StatisticsPage, RepositoryError>;

/// What a page is read for.
pub(crate) struct PageQuery {
    pub(super) requests: AnnotationRequestIds,
    pub(super) page: PageRequest,
    pub(super) scope: CampaignScope,
    /// The most bytes of a page of several tasks, as the database sends them.
    pub(super) max_bytes: usize,
    /// What is known of all requests.
    pub(super) layouts: KnownLayouts,
    /// The layout that the request of the page had last, where it is about one; else that of any without removed tasks.
    pub(super) layout: Layout,
    pub(super) sharding: Sharding,
}

impl PageQuery {
    pub(crate) fn new(
        requests: AnnotationRequestIds,
        page: PageRequest,
        scope: CampaignScope,
        max_bytes: usize,
        layouts: KnownLayouts,
        sharding: Sharding,
    ) -> Self {
        let layout = match requests.as_slice() {
            [id] => layouts.last_of(id),
            _ => Layout::default(),
        };
        Self { requests, page, scope, max_bytes, layouts, layout, sharding }
    }

    /// The positions of the page where it is about one request, whatever the number of its tasks, if it still has its
    /// layout.
    pub(super) fn positions(&self) -> Range<i64> {
        let first = self.page.first_row();
        let rows = first..first.saturating_add(u64::from(self.page.limit().get()));
        let positions = self.layout.positions_of(rows);
        stored(positions.start)..stored(positions.end)
    }

    /// The campaigns that the page is limited to; `None` where there is no limit.
    pub(super) fn campaigns(&self) -> Option<impl Iterator<Item = &str>> {
        match &self.scope {
            CampaignScope::All => None,
            CampaignScope::Only(campaigns) => Some(campaigns.iter().map(CampaignId::as_str)),
        }
    }
}

/// No position is as large as those beyond the largest that can be stored.
fn stored(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
