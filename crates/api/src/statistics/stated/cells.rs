//! Sums over a part of the tasks of statements, out of their rows: documents have the sums of operation items of all tasks.

use super::StatedReads;
use super::rows::StatedRows;
use super::sums::{StatedSums, disagree, item_sums};
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, ExportError, ItemCell, OperationItemKey, PoolType,
    RepositoryError, StatementHead, Statistics, Summary, SummaryQuery, TaskStatus,
};
use std::collections::BTreeMap;

/// About what the sums of an operation item take besides its key.
const CELL_BYTES: usize = 128;

impl StatedReads {
    /// The sums of the tasks that are meant, as the statements of the requests have them.
    ///
    /// # Errors
    /// When a request or a statement is unknown, cannot be read, or has more sums than may be loaded.
    pub(crate) async fn summarize(
        &self,
        requests: &AnnotationRequestIds,
        query: &SummaryQuery,
        scope: &CampaignScope,
    ) -> Result<Summary, RepositoryError> {
        Ok(self.find_summary(requests, query, scope).await?.1)
    }

    /// The same, with the heads of the statements.
    pub(super) async fn find_summary(
        &self,
        requests: &AnnotationRequestIds,
        query: &SummaryQuery,
        scope: &CampaignScope,
    ) -> Result<(Vec<StatementHead>, Summary), RepositoryError> {
        let (heads, sums) = self.find_documents(requests, &query.filter, scope).await?;
        if query.is_by_item() {
            let summary = sums.summary()?.of_statements(&heads);
            return Ok((heads, summary));
        }
        let covered = heads.iter().filter(|head| query.filter.covers_campaign(&head.campaign_id)).cloned().collect();
        let (query, max_bytes) = (query.clone(), self.max_bytes);
        let summary = self.with_rows(covered, move |rows| summarize_rows(rows, sums, &query, max_bytes)).await;
        let summary = summary.map_err(unread)?.of_statements(&heads);
        Ok((heads, summary))
    }
}

/// No target is involved: what is not the repository's is that no client waited.
fn unread(error: ExportError) -> RepositoryError {
    match error {
        ExportError::Repository(error) => error,
        ExportError::Target(error) => RepositoryError::Unavailable(error),
    }
}

/// By request where these are kept apart, pool type and status: the count and the tasks of each operation item.
type Groups = BTreeMap<(Option<AnnotationRequestId>, PoolType, TaskStatus), BTreeMap<Box<str>, (u128, u64)>>;

fn summarize_rows(
    rows: StatedRows,
    sums: StatedSums,
    query: &SummaryQuery,
    max_bytes: usize,
) -> Result<Summary, ExportError> {
    let (mut groups, mut bytes) = (Groups::new(), 0);
    rows.for_each(|_, row| {
        let task = &row.statistics;
        if query.filter.covers_group(task.pool_type(), task.status()) {
            let request = query.items_by.request.then(|| row.annotation_request_id.clone());
            let items = groups.entry((request, task.pool_type(), task.status())).or_default();
            bytes += add(items, task);
        }
        if bytes > max_bytes { Err(RepositoryError::SummaryTooLarge { limit: max_bytes }.into()) } else { Ok(()) }
    })?;
    let kinds = sums.kinds();
    let (requests, _, stated) = sums.into_parts();
    let mut cells = Vec::new();
    for ((request, pool_type, status), items) in groups {
        for (key, (count, tasks)) in items {
            let corrupt = |what: String| RepositoryError::Corrupt { what: format!("a key in a statement: {what}") };
            let key = OperationItemKey::new(key).map_err(|error| corrupt(error.to_string()))?;
            let kind = kinds.get(&key).copied().flatten();
            let sums = item_sums(key, count, tasks, kind);
            cells.push(ItemCell { request: request.clone(), pool_type, status, sums });
        }
    }
    let summary = Summary::of_cells(requests, cells, query).map_err(|error| disagree(&error))?;
    Ok(summary.with_stated_items(stated))
}

/// Adds the items of a task; returns about how many bytes new ones take. No sum of counts below 2^63 reaches 2^128.
fn add(items: &mut BTreeMap<Box<str>, (u128, u64)>, task: &Statistics) -> usize {
    let mut bytes = 0;
    for (key, count) in task.instance_info().iter() {
        let count = u128::from(u64::from(count));
        if count == 0 {
            continue;
        }
        if let Some((sum, tasks)) = items.get_mut(key) {
            (*sum, *tasks) = (*sum + count, *tasks + 1);
        } else {
            items.insert(key.into(), (count, 1));
            bytes += key.len() + CELL_BYTES;
        }
    }
    bytes
}
