//! Finding in memory: everything is looked at.

use super::statistics::InMemoryStatistics;
use super::store::{Request, Store};
use super::summary::totals_of;
use annotation_statistics_domain::{
    AnnotationRequestFinder, AnnotationRequestId, CampaignId, CampaignProgress, CampaignScope, FoundCampaigns,
    FoundRequests, FoundTaskPlaces, ListedRequest, PoolType, RepositoryError, RequestPosition, RequestSearch,
    Statistics, StatusFilter, TaskPlace, TaskPosition, TaskSearch, TaskTerm,
};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::num::NonZeroU32;

#[async_trait]
impl AnnotationRequestFinder for InMemoryStatistics {
    async fn find_requests(
        &self,
        search: &RequestSearch,
        scope: &CampaignScope,
    ) -> Result<FoundRequests, RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let meant = seen(&store, scope).filter(|(id, request)| is_meant(search, id, request));
        let mut found: Vec<_> = meant.map(|(id, request)| (position(id, request), request)).collect();
        found.retain(|(place, _)| search.after.as_ref().is_none_or(|after| place < after));
        found.sort_by(|(one, _), (other, _)| other.cmp(one));
        let (places, next) = page(found, search.limit, |(place, _)| place.clone());
        Ok(FoundRequests { requests: places.iter().map(|(place, request)| listed(&place.id, request)).collect(), next })
    }

    async fn find_tasks(&self, search: &TaskSearch, scope: &CampaignScope) -> Result<FoundTaskPlaces, RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let mut found: Vec<(TaskPosition, TaskPlace)> = Vec::new();
        for (id, request) in seen(&store, scope) {
            let tasks = (0..).zip(&request.tasks).filter(|(_, task)| match &search.term {
                TaskTerm::Id(id) => task.id() == *id,
                TaskTerm::SourceName(name) => task.source_name() == Some(name),
            });
            found.extend(tasks.map(|(position, task)| {
                (TaskPosition { annotation_request_id: id.clone(), position }, place_of(id, task))
            }));
        }
        found.retain(|(place, _)| search.after.as_ref().is_none_or(|after| place > after));
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        let (found, next) = page(found, search.limit, |(place, _)| place.clone());
        Ok(FoundTaskPlaces { tasks: found.into_iter().map(|(_, task)| task).collect(), next })
    }

    async fn list_campaigns(
        &self,
        after: Option<CampaignId>,
        limit: NonZeroU32,
        scope: &CampaignScope,
    ) -> Result<FoundCampaigns, RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let mut campaigns: BTreeMap<CampaignId, Vec<ListedRequest>> = BTreeMap::new();
        for (id, request) in seen(&store, scope) {
            campaigns.entry(request.campaign.clone()).or_default().push(listed(id, request));
        }
        campaigns.retain(|campaign, _| after.as_ref().is_none_or(|after| campaign > after));
        let (campaigns, next) = page(campaigns.into_iter().collect(), limit, |(campaign, _)| campaign.clone());
        let progress = |(campaign_id, requests): (CampaignId, Vec<ListedRequest>)| CampaignProgress {
            campaign_id,
            requests: requests.len().try_into().unwrap(),
            is_all: true,
            tasks: requests.iter().map(|request| request.totals().tasks).sum(),
            complete_tasks: requests.iter().map(ListedRequest::complete_tasks).sum(),
        };
        Ok(FoundCampaigns { campaigns: campaigns.into_iter().map(progress).collect(), next })
    }
}

fn seen<'a>(
    store: &'a Store,
    scope: &'a CampaignScope,
) -> impl Iterator<Item = (&'a AnnotationRequestId, &'a Request)> {
    store.requests.iter().filter(|(_, request)| scope.covers(&request.campaign))
}

fn is_meant(search: &RequestSearch, id: &AnnotationRequestId, request: &Request) -> bool {
    search.campaign_id.as_ref().is_none_or(|campaign| *campaign == request.campaign)
        && search.id_part.as_ref().is_none_or(|part| part.is_in(id))
        && search.changed_since.is_none_or(|since| position(id, request).changed_at >= since)
        && search.status.is_none_or(|status| match status {
            StatusFilter::Progress(progress) => listed(id, request).progress() == progress,
            StatusFilter::HasTasks(status) => request.tasks.iter().any(|task| task.status() == status),
        })
}

fn position(id: &AnnotationRequestId, request: &Request) -> RequestPosition {
    RequestPosition { changed_at: request.annotation_request(id).updated_at, id: id.clone() }
}

fn listed(id: &AnnotationRequestId, request: &Request) -> ListedRequest {
    let complete = request.tasks.iter().filter(|task| task.pool_type() == PoolType::Complete).count();
    ListedRequest::new(request.annotation_request(id), totals_of(&request.tasks), complete.try_into().unwrap()).unwrap()
}

fn place_of(id: &AnnotationRequestId, task: &Statistics) -> TaskPlace {
    TaskPlace {
        annotation_request_id: id.clone(),
        campaign_id: task.campaign_id().clone(),
        task_id: task.id(),
        source_name: task.source_name().cloned(),
        status: task.status(),
        pool_name: task.pool_name().clone(),
        pool_type: task.pool_type(),
    }
}

/// The first of them, and the place of the last one where there are more.
fn page<T, Place>(mut all: Vec<T>, limit: NonZeroU32, place: impl Fn(&T) -> Place) -> (Vec<T>, Option<Place>) {
    let limit = usize::try_from(limit.get()).unwrap();
    let has_more = all.len() > limit;
    all.truncate(limit);
    let next = all.last().filter(|_| has_more).map(place);
    (all, next)
}
