//! Finds a page: in the cache as far as it is current, else in the database. See ADR 64.

use crate::ApiState;
use crate::consistency::{RequiredState, Source};
use crate::response::{EntityTag, PageIdentity};
use crate::statistics::page_cache::{CachePlace, CachedPage};
use crate::statistics::page_source::PageSource;
use crate::statistics::params::StatisticsParams;
use actix_web::http::header::{HeaderMap, IF_NONE_MATCH};
use annotation_statistics_domain::{
    CampaignScope, CountingRuleName, Page, RepositoryError, RequestState, Revision, Statistics, StatisticsPage,
    StatisticsRepository, Whitelist,
};
use std::sync::Arc;

/// The query of a client for a page, and what the client knows already.
pub(super) struct PageQuery<'a> {
    pub(super) state: &'a ApiState,
    pub(super) params: &'a StatisticsParams,
    pub(super) scope: &'a CampaignScope,
    pub(super) known: RequiredState,
    pub(super) headers: &'a HeaderMap,
}

/// A page, and the state of its requests.
pub(super) struct FoundPage<'a> {
    pub(super) tag: EntityTag,
    pub(super) counting_rules: Vec<Option<CountingRuleName>>,
    pub(super) content: PageContent<'a>,
    revisions: Vec<Revision>,
}

/// The rows of a page, from where they were found.
pub(super) enum PageContent<'a> {
    /// The client has them.
    Known,
    /// They were sent before.
    Cached(Arc<CachedPage>),
    /// They were read, and have this place in the cache.
    Read(ReadPage, Option<CachePlace<'a>>),
}

/// A page that was read.
pub(super) struct ReadPage {
    pub(super) page: Page<Statistics>,
    /// The whitelist of the request of each row, where rows are to have zeros.
    pub(super) whitelists: Option<Vec<Whitelist>>,
}

impl FoundPage<'_> {
    /// The rows of all pages; `None` where the client has the page.
    pub(super) fn count(&self) -> Option<u64> {
        match &self.content {
            PageContent::Known => None,
            PageContent::Cached(page) => Some(page.count),
            PageContent::Read(read, _) => Some(read.page.count),
        }
    }
}

impl<'a> PageQuery<'a> {
    /// The page, in the state that the client requires or a later one; that of a statement is of its own state.
    ///
    /// The states of the requests are read first, and no row, if the page may then be known: to the client, which names one
    /// in `If-None-Match`, or to the cache. Otherwise that would only be a further round trip.
    pub(super) async fn find(&self) -> Result<FoundPage<'a>, RepositoryError> {
        let StatisticsParams { requests, page, zero_fill, statement, .. } = self.params;
        let identity = PageIdentity::of(requests, *page, *zero_fill, statement.as_ref());
        let place = self.state.pages.place(&identity, self.scope);
        let found = if let Some(name) = statement {
            self.find_in(&self.state.stated(name), &identity, place).await?
        } else {
            let query = async |source: Source<'_, dyn StatisticsRepository>| {
                self.find_in(source.port.as_ref(), &identity, place).await
            };
            let is_reached = |found: &FoundPage<'_>| self.known.is_met_by(&found.revisions, &found.tag, self.headers);
            self.state.repositories().read(query, is_reached).await?
        };
        match &found.content {
            PageContent::Cached(_) => self.state.observer.page_looked_up(true),
            PageContent::Read(_, Some(_)) => self.state.observer.page_looked_up(false),
            PageContent::Known | PageContent::Read(_, None) => {}
        }
        Ok(found)
    }

    async fn find_in(
        &self,
        source: &(impl PageSource + ?Sized),
        identity: &PageIdentity,
        place: Option<CachePlace<'a>>,
    ) -> Result<FoundPage<'a>, RepositoryError> {
        let cached = place.and_then(|place| place.page());
        if cached.is_some() || self.headers.contains_key(IF_NONE_MATCH) {
            let states = source.states(self.params, self.scope).await?;
            let (revisions, counting_rules) = states.into_iter().map(of_state).unzip();
            if let Some(found) = self.unread(identity, revisions, counting_rules, cached) {
                return Ok(found);
            }
        }
        let (found, whitelists) = source.page(self.params, self.scope).await?;
        let StatisticsPage { page, revisions, counting_rules } = found;
        let tag = identity.tag_at(&revisions);
        let is_known = tag.is_known(self.headers);
        let content =
            if is_known { PageContent::Known } else { PageContent::Read(ReadPage { page, whitelists }, place) };
        Ok(FoundPage { tag, counting_rules, content, revisions })
    }

    /// The page as far as it is known at these revisions.
    fn unread(
        &self,
        identity: &PageIdentity,
        revisions: Vec<Revision>,
        counting_rules: Vec<Option<CountingRuleName>>,
        cached: Option<Arc<CachedPage>>,
    ) -> Option<FoundPage<'a>> {
        let tag = identity.tag_at(&revisions);
        let content = if tag.is_known(self.headers) {
            PageContent::Known
        } else {
            PageContent::Cached(cached.filter(|page| page.tag == tag)?)
        };
        Some(FoundPage { tag, counting_rules, content, revisions })
    }
}

fn of_state(state: RequestState) -> (Revision, Option<CountingRuleName>) {
    (state.revision, state.counting_rule)
}

#[cfg(test)]
#[path = "page_query_tests.rs"]
mod tests;
