//! The rows of a page of one request, and how they become the page.

use crate::DatabaseError;
use crate::reading::bounded_rows::{Bounded, BoundedRows};
use crate::reading::page_query::{PageQuery, PageResult};
use crate::reading::request_counters;
use crate::reading::stored_task::{TaskColumns, TaskRow, statistics};
use annotation_statistics_domain::{AnnotationRequestId, Page, PagePlan, RepositoryError, StatisticsPage};
use diesel::sql_types::{BigInt, Nullable, Text};

pub(super) type PageColumns = (Text, BigInt, BigInt, Nullable<Text>, Nullable<TaskColumns>);
/// The columns of the request, which are the same in each row of a page, and a task of it.
pub(super) type PageRow = (String, i64, i64, Option<String>, Option<TaskRow>);

/// The rows of one page as they come.
pub(super) struct PageRows {
    request: Option<(String, i64, i64, Option<String>)>,
    tasks: BoundedRows,
}

impl PageRows {
    /// Keeps at most so many bytes of tasks, or one task.
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { request: None, tasks: BoundedRows::new(max_bytes) }
    }

    pub(super) fn push(&mut self, row: PageRow) {
        let (campaign_id, task_count, revision, counting_rule, task) = row;
        self.request.get_or_insert((campaign_id, task_count, revision, counting_rule));
        if let Some(task) = task {
            self.tasks.push(task);
        }
    }

    /// Whether what comes now is only measured.
    pub(super) fn is_exceeded(&self) -> bool {
        self.tasks.is_exceeded()
    }

    /// The page of the request `id`.
    pub(super) fn page(self, id: &AnnotationRequestId, query: &PageQuery) -> Result<PageResult, DatabaseError> {
        let Some((campaign_id, task_count, revision, counting_rule)) = self.request else {
            return Ok(Err(RepositoryError::UnknownAnnotationRequests(vec![id.clone()])));
        };
        let counter = request_counters::counter(id.as_str(), campaign_id, task_count, revision, counting_rule)?;
        let mut rows = match self.tasks.finish() {
            Bounded::Rows(rows) => rows,
            Bounded::TooLarge { largest } => return Ok(Err(RepositoryError::PageTooLarge { largest })),
        };
        // Index scans return them in order already, but nothing guarantees it.
        rows.sort_by_key(|row| row.1);
        let plan = PagePlan::new(&[counter.task_count], query.page);
        if !are_at(&rows, &plan) {
            return Err(DatabaseError::Corrupt(format!(
                "annotation_requests.task_count is not the number of tasks in one of {id}"
            )));
        }
        let tasks = rows.into_iter().map(|row| statistics(id, &counter.campaign_id, row));
        let page = Page { count: plan.count, rows: tasks.collect::<Result<_, _>>()? };
        let (revisions, counting_rules) = (vec![counter.revision], vec![counter.counting_rule]);
        Ok(Ok(StatisticsPage { page, revisions, counting_rules }))
    }
}

/// Whether the rows, which are in order, are exactly those of the plan.
fn are_at(rows: &[TaskRow], plan: &PagePlan) -> bool {
    let planned = plan.ranges.iter().flat_map(|range| range.positions.clone());
    rows.iter().map(|row| u64::try_from(row.1).ok()).eq(planned.map(Some))
}
