//! The ports in memory: the smallest thing that keeps the contracts, so that the suites are known to require nothing
//! that is Postgres's own.

use super::recording::Recording;
use super::store::{Request, Store};
use super::summary::summary_of;
use crate::Implementation;
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestFinder, AnnotationRequestIds, AnnotationRequestRegistry, BoxError,
    CampaignScope, Page, PagePlan, PageRequest, Precondition, RecordError, Recorded, RepositoryError, RequestState,
    StatementRepository, StatisticsExporter, StatisticsPage, StatisticsRecorder, StatisticsRepository, Summary,
    SummaryQuery, SummaryRepository, TaskStream, TaxonomyRepository, WhitelistedPage,
};
use async_trait::async_trait;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Keeps statistics in memory. Cloning shares them.
#[derive(Clone, Default)]
pub struct InMemoryStatistics {
    pub(super) store: Arc<Mutex<Store>>,
    cut_off: Arc<AtomicBool>,
}

impl InMemoryStatistics {
    pub(super) fn reach(&self) -> Result<(), BoxError> {
        if self.cut_off.load(Ordering::Acquire) { Err("it is cut off".into()) } else { Ok(()) }
    }
}

fn page_of(requested: &[&Request], page: PageRequest) -> (StatisticsPage, PagePlan) {
    let task_counts: Vec<u64> = requested.iter().map(|request| request.tasks.len().try_into().unwrap()).collect();
    let plan = PagePlan::new(&task_counts, page);
    let rows = plan.ranges.iter().flat_map(|range| {
        let first = usize::try_from(range.positions.start).unwrap();
        let past = usize::try_from(range.positions.end).unwrap();
        requested[range.request].tasks[first..past].iter().cloned()
    });
    let page = StatisticsPage {
        page: Page { count: plan.count, rows: rows.collect() },
        revisions: requested.iter().map(|request| request.revision).collect(),
        counting_rules: requested.iter().map(|request| request.rule.clone()).collect(),
    };
    (page, plan)
}

#[async_trait]
impl StatisticsRepository for InMemoryStatistics {
    async fn find_page(
        &self,
        requests: &AnnotationRequestIds,
        page: PageRequest,
        scope: &CampaignScope,
    ) -> Result<StatisticsPage, RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let requested = store.all_seen(requests, scope)?;
        Ok(page_of(&requested, page).0)
    }

    async fn find_whitelisted_page(
        &self,
        requests: &AnnotationRequestIds,
        page: PageRequest,
        scope: &CampaignScope,
    ) -> Result<WhitelistedPage, RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let requested = store.all_seen(requests, scope)?;
        let (page, plan) = page_of(&requested, page);
        let whitelists = plan.ranges.iter().flat_map(|range| {
            let whitelist = Arc::new(requested[range.request].taxonomy.whitelist().clone());
            vec![whitelist; range.len().try_into().unwrap()]
        });
        Ok(WhitelistedPage { page, whitelists: whitelists.collect() })
    }

    async fn find_states(
        &self,
        requests: &AnnotationRequestIds,
        scope: &CampaignScope,
    ) -> Result<Vec<RequestState>, RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let requested = store.all_seen(requests, scope)?;
        let states = requested.into_iter().map(|request| RequestState {
            task_count: request.tasks.len().try_into().unwrap(),
            revision: request.revision,
            counting_rule: request.rule.clone(),
        });
        Ok(states.collect())
    }

    async fn check_ready(&self) -> Result<(), RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)
    }
}

#[async_trait]
impl SummaryRepository for InMemoryStatistics {
    async fn summarize(
        &self,
        requests: &AnnotationRequestIds,
        query: &SummaryQuery,
        scope: &CampaignScope,
    ) -> Result<Summary, RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let requested = store.all_seen(requests, scope)?;
        let pairs: Vec<_> = requests.as_slice().iter().zip(requested).collect();
        Ok(summary_of(&pairs, query))
    }

    async fn find_recent(&self, most: u32, scope: &CampaignScope) -> Result<Vec<AnnotationRequest>, RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let seen = store.requests.iter().filter(|(_, request)| scope.covers(&request.campaign));
        let mut annotation_request: Vec<_> = seen.map(|(id, request)| request.annotation_request(id)).collect();
        annotation_request.sort_by_key(|request| std::cmp::Reverse(request.revision));
        annotation_request.truncate(most.try_into().unwrap());
        Ok(annotation_request)
    }
}

#[async_trait]
impl StatisticsRecorder for InMemoryStatistics {
    async fn record(&self, tasks: TaskStream, precondition: Precondition) -> Result<Recorded, RecordError> {
        self.reach().map_err(RecordError::Unavailable)?;
        let mut store = self.store.lock().unwrap();
        let mut recording = Recording::new(store.clone(), precondition);
        for task in tasks {
            recording.add(task.map_err(RecordError::Input)?)?;
        }
        let (changed, recorded) = recording.finish(&store);
        *store = changed;
        Ok(recorded)
    }

    async fn check_ready(&self) -> Result<(), RecordError> {
        self.reach().map_err(RecordError::Unavailable)
    }
}

impl Implementation for InMemoryStatistics {
    fn empty() -> Self {
        Self::default()
    }

    fn repository(&self) -> Arc<dyn StatisticsRepository> {
        Arc::new(self.clone())
    }

    fn recorder(&self) -> Arc<dyn StatisticsRecorder> {
        Arc::new(self.clone())
    }

    fn registry(&self) -> Arc<dyn AnnotationRequestRegistry> {
        Arc::new(self.clone())
    }

    fn summaries(&self) -> Arc<dyn SummaryRepository> {
        Arc::new(self.clone())
    }

    fn finder(&self) -> Arc<dyn AnnotationRequestFinder> {
        Arc::new(self.clone())
    }

    fn statements(&self) -> Arc<dyn StatementRepository> {
        Arc::new(self.clone())
    }

    fn taxonomies(&self) -> Arc<dyn TaxonomyRepository> {
        Arc::new(self.clone())
    }

    fn exporter(&self) -> Arc<dyn StatisticsExporter> {
        Arc::new(self.clone())
    }

    fn cut_off(&self) {
        self.cut_off.store(true, Ordering::Release);
    }

    fn reconnect(&self) {
        self.cut_off.store(false, Ordering::Release);
    }
}
