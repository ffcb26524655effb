//! Exports out of memory.

use super::statistics::InMemoryStatistics;
use super::summary::summary_of;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, ExportError, ExportTarget, Place, RecordedTask,
    RepositoryError, StatisticsExporter, Summary, SummaryQuery, TaskFilter,
};
use async_trait::async_trait;
use std::sync::{Arc, Weak};

#[async_trait]
impl StatisticsExporter for InMemoryStatistics {
    async fn export(
        &self,
        requests: &AnnotationRequestIds,
        filter: &TaskFilter,
        scope: &CampaignScope,
        target: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let (summary, tasks) = self.copy(requests, filter, scope)?;
        run(summary, tasks, target).await
    }

    async fn export_by_task_id(
        &self,
        request: &AnnotationRequestId,
        scope: &CampaignScope,
        target: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError> {
        self.reach().map_err(RepositoryError::Unavailable)?;
        let (summary, tasks) = self.copy_by_task_id(request, scope)?;
        run(summary, tasks, target).await
    }
}

async fn run(summary: Summary, tasks: Vec<RecordedTask>, target: Box<dyn ExportTarget>) -> Result<(), ExportError> {
    let waiting = Arc::new(());
    let requested = Arc::downgrade(&waiting);
    let done = tokio::task::spawn_blocking(move || hand_over(&summary, &tasks, target, &requested)).await.unwrap();
    drop(waiting);
    done
}

impl InMemoryStatistics {
    /// The sums and the tasks of a request, in ascending order of their ids.
    pub(super) fn copy_by_task_id(
        &self,
        request: &AnnotationRequestId,
        scope: &CampaignScope,
    ) -> Result<(Summary, Vec<RecordedTask>), RepositoryError> {
        let (summary, mut tasks) = self.copy(&request.clone().into(), &TaskFilter::default(), scope)?;
        tasks.sort_by_key(|task| task.statistics.id());
        // Kinds are stated with the first task that has the item, in this order.
        let mut kinds =
            self.store.lock().unwrap().requests.get(request).map(|known| known.kinds.clone()).unwrap_or_default();
        for (place, task) in (1..).zip(&mut tasks) {
            task.place = Place::from(place);
            task.item_kinds = kinds.take_for(&task.statistics);
        }
        Ok((summary, tasks))
    }

    fn copy(
        &self,
        requests: &AnnotationRequestIds,
        filter: &TaskFilter,
        scope: &CampaignScope,
    ) -> Result<(Summary, Vec<RecordedTask>), RepositoryError> {
        let store = self.store.lock().unwrap();
        let requested = store.all_seen(requests, scope)?;
        let pairs: Vec<_> = requests.as_slice().iter().zip(requested).collect();
        let summary = summary_of(&pairs, &SummaryQuery::of(filter.clone()));
        let mut tasks = Vec::new();
        for (id, request) in pairs.into_iter().filter(|(_, request)| filter.covers_campaign(&request.campaign)) {
            let mut kinds = request.kinds.clone();
            let rows = request.tasks.iter();
            for row in rows.filter(|row| filter.covers_group(row.pool_type(), row.status())) {
                tasks.push(RecordedTask {
                    place: Place::from(u64::try_from(tasks.len()).unwrap() + 1),
                    annotation_request_id: id.clone(),
                    counting_rule: request.rule.clone(),
                    item_kinds: kinds.take_for(row),
                    statistics: row.clone(),
                });
            }
        }
        Ok((summary, tasks))
    }
}

fn hand_over(
    summary: &Summary,
    tasks: &[RecordedTask],
    mut target: Box<dyn ExportTarget>,
    waiting: &Weak<()>,
) -> Result<(), ExportError> {
    target.begin(summary).map_err(ExportError::Target)?;
    for task in tasks {
        if waiting.strong_count() == 0 {
            return Err(RepositoryError::Unavailable("no client waits for it".into()).into());
        }
        target.take(task).map_err(ExportError::Target)?;
    }
    target.finish().map_err(ExportError::Target)
}
