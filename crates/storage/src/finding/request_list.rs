//! A page of the list of annotation requests.

use crate::DatabaseError;
use crate::finding::listed_rows;
use crate::finding::request_walk::RequestWalk;
use annotation_statistics_domain::{
    CampaignScope, FoundRequests, IdPart, ListedRequest, RequestPosition, RequestSearch, StatusFilter,
};
use diesel::pg::PgConnection;
use std::num::NonZeroU32;

/// To read the sums of a request takes about so many times as long as to look at its id.
const SUMS_PER_ID: u32 = 5;

/// The requests whose sums are read at a time, to find those with a status.
const READ_AT_A_TIME: usize = 250;

/// The first look for a part of an id is at so small a part of the ids.
const FIRST_LOOK: i64 = 20;

/// How many requests are looked at for a page.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    ids: NonZeroU32,
}

impl Bounds {
    pub(super) fn new(ids: NonZeroU32) -> Self {
        Self { ids }
    }

    fn ids(self) -> i64 {
        self.ids.get().into()
    }

    pub(super) fn requests_with_sums(self) -> u32 {
        (self.ids.get() / SUMS_PER_ID).max(1)
    }
}

/// The requests of a page, and one more where there is one.
struct Page<'a> {
    search: &'a RequestSearch,
    wanted: usize,
    found: Vec<(RequestPosition, ListedRequest)>,
    /// How many requests were looked at for their status.
    looked_at: usize,
}

/// The page that a search is for, as far as it is in the scope.
pub(super) fn find(
    connection: &mut PgConnection,
    search: &RequestSearch,
    scope: &CampaignScope,
    bounds: Bounds,
) -> Result<FoundRequests, DatabaseError> {
    let walk = RequestWalk::new(search.campaign_id.as_ref(), scope);
    let walk = walk.behind(search.after.as_ref()).since(search.changed_since);
    let limit = usize::try_from(search.limit.get()).unwrap_or(usize::MAX);
    let mut page = Page { search, wanted: limit.saturating_add(1), found: Vec::new(), looked_at: 0 };
    let cut = match &search.id_part {
        Some(part) => page.fill_with_part(connection, walk, part, bounds)?,
        None => page.fill(connection, walk, bounds)?,
    };
    let next =
        page.found.get(limit).and_then(|_| page.found.get(limit.checked_sub(1)?)).map(|(place, _)| place.clone());
    page.found.truncate(limit);
    Ok(FoundRequests { next: next.or(cut), requests: page.found.into_iter().map(|(_, request)| request).collect() })
}

impl Page<'_> {
    /// Looks at a few ids first, and at four times as many each time, as a part that many have is soon found. Returns where it
    /// stopped likewise.
    fn fill_with_part(
        &mut self,
        connection: &mut PgConnection,
        mut walk: RequestWalk<'_>,
        part: &IdPart,
        bounds: Bounds,
    ) -> Result<Option<RequestPosition>, DatabaseError> {
        let (mut left, mut size) = (bounds.ids(), (bounds.ids() / FIRST_LOOK).max(1));
        loop {
            size = size.min(left);
            left -= size;
            let (next, rest) = walk.split(connection, size)?;
            let cut = self.fill(connection, next.with_part(part), bounds)?;
            walk = match rest {
                Some(rest) if cut.is_none() && self.found.len() < self.wanted => rest,
                _ => return Ok(cut),
            };
            if left == 0 || self.has_looked_at(self.most_with_sums(bounds)) {
                return Ok(Some(walk.start()?));
            }
            size = size.saturating_mul(4);
        }
    }

    /// Returns where it stopped before the walk was at its end and the page full.
    fn fill(
        &mut self,
        connection: &mut PgConnection,
        mut walk: RequestWalk<'_>,
        bounds: Bounds,
    ) -> Result<Option<RequestPosition>, DatabaseError> {
        let most = self.most_with_sums(bounds);
        loop {
            let missing = self.wanted.saturating_sub(self.found.len());
            let size = if self.search.status.is_some() {
                missing.max(READ_AT_A_TIME).min(most.saturating_sub(self.looked_at))
            } else {
                missing
            };
            let places = walk.next(connection, size)?;
            self.looked_at += places.len();
            let (is_end, last) = (places.len() < size, places.last().cloned());
            self.add(connection, places)?;
            if is_end || self.found.len() >= self.wanted {
                return Ok(None);
            }
            if self.has_looked_at(most) {
                return Ok(if walk.next(connection, 1)?.is_empty() { None } else { last });
            }
        }
    }

    fn most_with_sums(&self, bounds: Bounds) -> usize {
        usize::try_from(bounds.requests_with_sums()).unwrap_or(usize::MAX).max(self.wanted)
    }

    /// Whether the sums of so many requests were read for their status.
    fn has_looked_at(&self, most: usize) -> bool {
        self.search.status.is_some() && self.looked_at >= most
    }

    /// Adds the requests at these places that have the status. One that was deleted meanwhile is left out.
    fn add(&mut self, connection: &mut PgConnection, places: Vec<RequestPosition>) -> Result<(), DatabaseError> {
        let status = match self.search.status {
            Some(StatusFilter::HasTasks(status)) => Some(status),
            _ => None,
        };
        let mut listed = listed_rows::load(connection, &places, status)?;
        for place in places {
            let Some((request, has_status)) = listed.remove(place.id.as_str()) else { continue };
            let is_meant = match self.search.status {
                None => true,
                Some(StatusFilter::Progress(progress)) => request.progress() == progress,
                Some(StatusFilter::HasTasks(_)) => has_status,
            };
            if is_meant && self.found.len() < self.wanted {
                self.found.push((place, request));
            }
        }
        Ok(())
    }
}
