//! The rows of a page of one request, and how they become the page.

use crate::DatabaseError;
use crate::reading::bounded_rows::{Bounded, BoundedRows};
use crate::reading::page::query::{PageQuery, PageResult};
use crate::reading::request_counters::{self, CounterColumns, CounterRow};
use crate::reading::stored_task::{TaskColumns, TaskRow, statistics};
use annotation_statistics_domain::{
    AnnotationRequestId, Page, PagePlan, RemovedPositions, RepositoryError, StatisticsPage,
};
use diesel::sql_types::Nullable;

pub(super) type PageColumns = (CounterColumns, Nullable<TaskColumns>);
/// The columns of the request, which are the same in each row of a page, and a task of it.
pub(super) type PageRow = (CounterRow, Option<TaskRow>);

/// The rows of one page as they come.
pub(super) struct PageRows {
    request: Option<CounterRow>,
    tasks: BoundedRows,
}

impl PageRows {
    /// Keeps at most so many bytes of tasks, or one task.
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { request: None, tasks: BoundedRows::new(max_bytes) }
    }

    pub(super) fn push(&mut self, row: PageRow) {
        let (request, task) = row;
        self.request.get_or_insert(request);
        if let Some(task) = task {
            self.tasks.push(task);
        }
    }

    /// Whether what comes now is only measured.
    pub(super) fn is_exceeded(&self) -> bool {
        self.tasks.is_exceeded()
    }

    /// The page of the request `id`; `None` where the request has another layout than the positions of the query are of.
    pub(super) fn page(self, id: &AnnotationRequestId, query: &PageQuery) -> Result<Option<PageResult>, DatabaseError> {
        let Some(row) = self.request else {
            return Ok(Some(Err(RepositoryError::UnknownAnnotationRequests(vec![id.clone()]))));
        };
        let counter = request_counters::counter(id.as_str(), row)?;
        let Some(removed) = query.layout.removed_in(&counter) else { return Ok(None) };
        let mut rows = match self.tasks.finish() {
            Bounded::Rows(rows) => rows,
            Bounded::TooLarge { largest } => return Ok(Some(Err(RepositoryError::PageTooLarge { largest }))),
        };
        // Index scans return them in order already, but nothing guarantees it.
        rows.sort_by_key(|row| row.1);
        let plan = PagePlan::new(&[counter.task_count], query.page);
        if !are_at(&rows, &plan, removed) {
            return Err(DatabaseError::Corrupt(format!(
                "annotation_requests.task_count is not the number of tasks in one of {id}"
            )));
        }
        let tasks = rows.into_iter().map(|row| statistics(id, &counter.campaign_id, row));
        let page = Page { count: plan.count, rows: tasks.collect::<Result<_, _>>()? };
        let (revisions, counting_rules) = (vec![counter.revision], vec![counter.counting_rule]);
        Ok(Some(Ok(StatisticsPage { page, revisions, counting_rules })))
    }
}

/// Whether the rows, which are in order, are exactly those of the plan.
fn are_at(rows: &[TaskRow], plan: &PagePlan, removed: &RemovedPositions) -> bool {
    let planned = plan.ranges.iter().flat_map(|range| range.positions.clone()).map(|row| removed.position_of(row));
    rows.iter().map(|row| u64::try_from(row.1).ok()).eq(planned.map(Some))
}
