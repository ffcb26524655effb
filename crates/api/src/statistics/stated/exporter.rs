//! Exports of statements: the port of exports, over what was stated.

use super::StatedReads;
use super::rows::{StatedRows, numbers};
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, ExportError, ExportTarget, Place, RecordedTask,
    RepositoryError, StatisticsExporter, Summary, SummaryQuery, TaskFilter, Totals,
};
use async_trait::async_trait;

/// The tasks of each request in ascending order of their ids.
#[async_trait]
impl StatisticsExporter for StatedReads {
    async fn export(
        &self,
        requests: &AnnotationRequestIds,
        filter: &TaskFilter,
        scope: &CampaignScope,
        target: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError> {
        let query = SummaryQuery::of(filter.clone());
        let (heads, summary) = self.find_summary(requests, &query, scope).await?;
        let covered = heads.into_iter().filter(|head| filter.covers_campaign(&head.campaign_id)).collect();
        self.with_rows(covered, move |rows| hand_over(rows, &summary, target)).await
    }

    async fn export_by_task_id(
        &self,
        request: &AnnotationRequestId,
        scope: &CampaignScope,
        target: Box<dyn ExportTarget>,
    ) -> Result<(), ExportError> {
        self.export(&request.clone().into(), &TaskFilter::default(), scope, target).await
    }
}

/// Gives the sums and the covered tasks to the target, which ends with them only where they add up.
fn hand_over(rows: StatedRows, summary: &Summary, mut target: Box<dyn ExportTarget>) -> Result<(), ExportError> {
    target.begin(summary).map_err(ExportError::Target)?;
    let (mut sums, filter) = (Totals::default(), summary.filter());
    rows.for_each(|_, task| {
        if !filter.covers_group(task.statistics.pool_type(), task.statistics.status()) {
            return Ok(());
        }
        let [instances, attributes, frames] = numbers(&task.statistics);
        sums.tasks += 1;
        sums.instances += instances;
        sums.attributes += attributes;
        sums.frames += frames;
        target.take(&RecordedTask { place: Place::from(sums.tasks), ..task }).map_err(ExportError::Target)
    })?;
    if sums != summary.totals() {
        let what = "the rows of the statements do not add up to their documents".to_owned();
        return Err(RepositoryError::Corrupt { what }.into());
    }
    target.finish().map_err(ExportError::Target)
}
