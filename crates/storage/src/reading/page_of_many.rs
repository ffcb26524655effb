//! Pages of several requests: the counter rows, then the rows, also for many pages at a time (ADR 10, ADR 63).

use crate::DatabaseError;
use crate::connection::in_one_snapshot;
use crate::reading::page_query::{PageQuery, PageResult};
use crate::reading::request_counters::{self, RequestCounter, RequestCounters};
use crate::reading::task_rows::{self, PageTasks, PlannedPage};
use annotation_statistics_domain::{AnnotationRequestId, Page, PagePlan, RepositoryError, StatisticsPage};
use diesel::pg::PgConnection;
use std::collections::BTreeSet;

/// The page of each query.
pub(super) fn find(
    connection: &mut PgConnection,
    queries: &[&PageQuery],
) -> Result<Vec<Result<PageResult, DatabaseError>>, DatabaseError> {
    let read = read_both(connection, queries)?;
    let mut pages = Vec::with_capacity(read.len());
    for (query, page) in queries.iter().zip(read) {
        pages.push(match page {
            Ok(Some(page)) => Ok(page),
            Ok(None) => find_again(connection, query)?,
            Err(error) => Err(error),
        });
    }
    Ok(pages)
}

/// The page of a query whose requests changed between the two statements.
fn find_again(
    connection: &mut PgConnection,
    query: &PageQuery,
) -> Result<Result<PageResult, DatabaseError>, DatabaseError> {
    let again = in_one_snapshot(connection, |connection| read_both(connection, &[query]))?;
    let page = again.into_iter().next().transpose();
    Ok(page.and_then(|page| {
        page.flatten().ok_or_else(|| {
            let ids = query.requests.as_slice().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            DatabaseError::Corrupt(format!("annotation_requests.task_count is not the number of tasks in one of {ids}"))
        })
    }))
}

/// A page between the two statements.
struct Planned<'a> {
    query: &'a PageQuery,
    counters: Vec<RequestCounter>,
    plan: PagePlan,
}

/// `None` for those whose requests changed between the two statements.
fn read_both(
    connection: &mut PgConnection,
    queries: &[&PageQuery],
) -> Result<Vec<Result<Option<PageResult>, DatabaseError>>, DatabaseError> {
    let ids: BTreeSet<&str> =
        queries.iter().flat_map(|query| query.requests.as_slice()).map(AnnotationRequestId::as_str).collect();
    let counters = request_counters::load_all(connection, &ids.into_iter().collect::<Vec<_>>())?;
    let planned: Vec<_> = queries.iter().map(|query| plan(query, &counters)).collect();
    let pages: Vec<PlannedPage<'_>> = planned.iter().flatten().flatten().map(Planned::page).collect();
    let mut tasks = task_rows::load(connection, &pages)?.into_iter();
    let read = planned.into_iter().map(|planned| match planned? {
        Err(unknown) => Ok(Some(Err(unknown))),
        Ok(planned) => tasks.next().transpose()?.map_or(Ok(None), |tasks| Ok(planned.with(tasks))),
    });
    Ok(read.collect())
}

/// The inner error names the requests that are unknown or outside the scope.
fn plan<'a>(
    query: &'a PageQuery,
    counters: &RequestCounters,
) -> Result<Result<Planned<'a>, RepositoryError>, DatabaseError> {
    let counters = counters.of(query.requests.as_slice(), &query.scope)?;
    Ok(counters.map(|counters| {
        let task_counts: Vec<u64> = counters.iter().map(|counter| counter.task_count).collect();
        let plan = PagePlan::new(&task_counts, query.page);
        Planned { query, counters, plan }
    }))
}

impl Planned<'_> {
    fn page(&self) -> PlannedPage<'_> {
        let requests = self.query.requests.as_slice();
        PlannedPage { requests, counters: &self.counters, plan: &self.plan, max_bytes: self.query.max_bytes }
    }

    /// `None` where a request changed since its counter was read.
    fn with(self, tasks: PageTasks) -> Option<PageResult> {
        let rows = match tasks {
            PageTasks::Loaded(rows) => rows,
            PageTasks::TooLarge { largest } => return Some(Err(RepositoryError::PageTooLarge { largest })),
            PageTasks::Outdated => return None,
        };
        let page = Page { count: self.plan.count, rows };
        let revisions = self.counters.iter().map(|counter| counter.revision).collect();
        let counting_rules = self.counters.into_iter().map(|counter| counter.counting_rule).collect();
        Some(Ok(StatisticsPage { page, revisions, counting_rules }))
    }
}
