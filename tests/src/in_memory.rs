//! Both ports in memory: the smallest thing that keeps the contracts, so that the suites are known to ask for nothing
//! that is Postgres's own.

use crate::Implementation;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, BoxError, CampaignId, Page, PagePlan, PageRequest, Place, RecordError,
    Recorded, RecordedTask, RepositoryError, Revision, Statistics, StatisticsPage, StatisticsRecorder,
    StatisticsRepository, TaskId, TaskStream,
};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Keeps statistics in memory. Cloning shares them.
#[derive(Clone, Default)]
pub struct InMemoryStatistics {
    requests: Arc<Mutex<Requests>>,
    cut_off: Arc<AtomicBool>,
}

type Requests = HashMap<AnnotationRequestId, Request>;

#[derive(Clone, Default)]
struct Request {
    revision: i64,
    tasks: Vec<Statistics>,
    positions: HashMap<TaskId, usize>,
}

impl InMemoryStatistics {
    fn reach(&self) -> Result<(), BoxError> {
        if self.cut_off.load(Ordering::Acquire) { Err("it is cut off".into()) } else { Ok(()) }
    }
}

#[async_trait]
impl StatisticsRepository for InMemoryStatistics {
    async fn find_page(
        &self,
        requests: &AnnotationRequestIds,
        page: PageRequest,
    ) -> Result<StatisticsPage, RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let known = self.requests.lock().unwrap();
        let unknown: Vec<_> = requests.as_slice().iter().filter(|id| !known.contains_key(*id)).cloned().collect();
        if !unknown.is_empty() {
            return Err(RepositoryError::UnknownAnnotationRequests(unknown));
        }
        let asked: Vec<&Request> = requests.as_slice().iter().map(|id| &known[id]).collect();
        let task_counts: Vec<u64> = asked.iter().map(|request| request.tasks.len().try_into().unwrap()).collect();
        let plan = PagePlan::new(&task_counts, page);
        let rows = plan.ranges.iter().flat_map(|range| {
            let first = usize::try_from(range.positions.start).unwrap();
            let past = usize::try_from(range.positions.end).unwrap();
            asked[range.request].tasks[first..past].iter().cloned()
        });
        let revisions = asked.iter().map(|request| Revision::from(request.revision)).collect();
        Ok(StatisticsPage { page: Page { count: plan.count, rows: rows.collect() }, revisions })
    }

    async fn check_ready(&self) -> Result<(), RepositoryError> {
        self.reach().map_err(RepositoryError::Unavailable)
    }
}

#[async_trait]
impl StatisticsRecorder for InMemoryStatistics {
    async fn record(&self, tasks: TaskStream) -> Result<Recorded, RecordError> {
        self.reach().map_err(RecordError::Unavailable)?;
        let mut known = self.requests.lock().unwrap();
        let mut recording = Recording { requests: known.clone(), seen: HashMap::new(), recorded: Recorded::default() };
        for task in tasks {
            recording.add(task.map_err(RecordError::Input)?)?;
        }
        let Recording { requests, recorded, .. } = recording;
        *known = requests.into_iter().map(|(id, request)| (id.clone(), revised(request, known.get(&id)))).collect();
        Ok(recorded)
    }
}

fn revised(request: Request, before: Option<&Request>) -> Request {
    let unchanged = before.is_some_and(|before| before.tasks == request.tasks);
    if unchanged { request } else { Request { revision: request.revision + 1, ..request } }
}

/// What becomes of the data if nothing fails.
struct Recording {
    requests: Requests,
    seen: HashMap<(AnnotationRequestId, TaskId), Place>,
    recorded: Recorded,
}

impl Recording {
    fn add(&mut self, task: RecordedTask) -> Result<(), RecordError> {
        let RecordedTask { place, annotation_request_id, statistics } = task;
        let task = statistics.id();
        if let Some(first) = self.seen.insert((annotation_request_id.clone(), task), place) {
            return Err(RecordError::DuplicateTask { place, first, annotation_request_id, task });
        }
        let request = self.requests.entry(annotation_request_id.clone()).or_default();
        let campaign: Option<&CampaignId> = request.tasks.first().map(Statistics::campaign_id);
        if let Some(recorded) = campaign.filter(|campaign| *campaign != statistics.campaign_id()) {
            let (recorded, given) = (recorded.clone(), statistics.campaign_id().clone());
            return Err(RecordError::CampaignConflict { place, annotation_request_id, recorded, given });
        }
        match request.positions.get(&task) {
            None => {
                request.positions.insert(task, request.tasks.len());
                request.tasks.push(statistics);
                self.recorded.inserted += 1;
            }
            Some(&position) if request.tasks[position] == statistics => self.recorded.unchanged += 1,
            Some(&position) => {
                request.tasks[position] = statistics;
                self.recorded.updated += 1;
            }
        }
        Ok(())
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

    fn add_request_without_tasks(&self, id: &AnnotationRequestId) {
        self.requests.lock().unwrap().insert(id.clone(), Request::default());
    }

    fn cut_off(&self) {
        self.cut_off.store(true, Ordering::Release);
    }

    fn reconnect(&self) {
        self.cut_off.store(false, Ordering::Release);
    }
}
