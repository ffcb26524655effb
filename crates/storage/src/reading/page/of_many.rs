//! Pages of several requests: the counter rows, then the rows, also for many pages at a time (ADR 10, ADR 63).

use crate::DatabaseError;
use crate::connection::in_one_snapshot;
use crate::reading::known_layouts::Layouts;
use crate::reading::page::query::{PageQuery, PageResult};
use crate::reading::request_counters::{self, RequestCounter, RequestCounters};
use crate::reading::task_rows::{self, PageTasks, PlannedPage};
use annotation_statistics_domain::{
    AnnotationRequestId, Page, PagePlan, PositionRange, RepositoryError, StatisticsPage,
};
use diesel::pg::PgConnection;
use std::collections::BTreeSet;
use std::ops::Range;

/// The page of each query. Where requests are sharded, the one that is read at a time is read in one transaction from the
/// start: what says that a request is unchanged would be more for each shard to plan (ADR 91).
pub(super) fn find(
    connection: &mut PgConnection,
    queries: &[&PageQuery],
) -> Result<Vec<Result<PageResult, DatabaseError>>, DatabaseError> {
    if is_sharded(connection, queries)? {
        return queries.iter().map(|query| find_in_one_snapshot(connection, query)).collect();
    }
    let read = read_both(connection, queries, Layouts::Known)?;
    let mut pages = Vec::with_capacity(read.len());
    for (query, page) in queries.iter().zip(read) {
        pages.push(match page {
            Ok(Some(page)) => Ok(page),
            Ok(None) => find_in_one_snapshot(connection, query)?,
            Err(error) => Err(error),
        });
    }
    Ok(pages)
}

/// The page of a query whose requests changed between the two statements, or have layouts that are not known.
pub(super) fn find_in_one_snapshot(
    connection: &mut PgConnection,
    query: &PageQuery,
) -> Result<Result<PageResult, DatabaseError>, DatabaseError> {
    let again = in_one_snapshot(connection, |connection| read_both(connection, &[query], Layouts::Read))?;
    let page = again.into_iter().next().transpose();
    Ok(page.and_then(|page| page.flatten().ok_or_else(|| miscounted(query))))
}

/// The page of a query, and which tasks of it are of which request; in a transaction that sees one snapshot.
pub(super) fn find_in_transaction(
    connection: &mut PgConnection,
    query: &PageQuery,
) -> Result<Result<(StatisticsPage, Vec<PositionRange>), RepositoryError>, DatabaseError> {
    let is_sharded = query.sharding.find(connection)?;
    let ids: Vec<&str> = query.requests.as_slice().iter().map(AnnotationRequestId::as_str).collect();
    let counters = request_counters::load_all(connection, &ids, is_sharded)?;
    let planned = match plan(connection, query, &counters, Layouts::Read)? {
        Ok(planned) => planned,
        Err(unknown) => return Ok(Err(unknown)),
    };
    let pages: Vec<PlannedPage<'_>> = planned.page().into_iter().collect();
    let tasks = task_rows::load(connection, &pages, is_sharded)?.pop().ok_or_else(|| miscounted(query))??;
    let ranges = planned.plan.ranges.clone();
    let page = planned.with(tasks).ok_or_else(|| miscounted(query))?;
    Ok(page.map(|page| (page, ranges)))
}

/// The rows of a snapshot are not as many as the counters of the same snapshot say.
fn miscounted(query: &PageQuery) -> DatabaseError {
    let ids = query.requests.as_slice().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    DatabaseError::Corrupt(format!("annotation_requests.task_count is not the number of tasks in one of {ids}"))
}

/// A page between the two statements.
struct Planned<'a> {
    query: &'a PageQuery,
    counters: Vec<RequestCounter>,
    plan: PagePlan,
    /// Of each part of the plan; `None` where a layout is not known.
    positions: Option<Vec<Range<u64>>>,
}

fn is_sharded(connection: &mut PgConnection, queries: &[&PageQuery]) -> Result<bool, DatabaseError> {
    queries.first().map_or(Ok(false), |query| query.sharding.find(connection))
}

/// `None` for those whose requests changed between the two statements, or have layouts that are not known.
fn read_both(
    connection: &mut PgConnection,
    queries: &[&PageQuery],
    layouts: Layouts,
) -> Result<Vec<Result<Option<PageResult>, DatabaseError>>, DatabaseError> {
    let is_sharded = is_sharded(connection, queries)?;
    let ids: BTreeSet<&str> =
        queries.iter().flat_map(|query| query.requests.as_slice()).map(AnnotationRequestId::as_str).collect();
    let counters = request_counters::load_all(connection, &ids.into_iter().collect::<Vec<_>>(), is_sharded)?;
    let mut planned = Vec::with_capacity(queries.len());
    for query in queries {
        planned.push(match plan(connection, query, &counters, layouts) {
            Err(error) if !matches!(error, DatabaseError::Corrupt(_)) => return Err(error),
            planned => planned,
        });
    }
    let pages: Vec<PlannedPage<'_>> = planned.iter().flatten().flatten().filter_map(Planned::page).collect();
    let mut tasks = task_rows::load(connection, &pages, is_sharded)?.into_iter();
    let read = planned.into_iter().map(|planned| match planned? {
        Err(unknown) => Ok(Some(Err(unknown))),
        Ok(Planned { positions: None, .. }) => Ok(None),
        Ok(planned) => tasks.next().transpose()?.map_or(Ok(None), |tasks| Ok(planned.with(tasks))),
    });
    Ok(read.collect())
}

/// The inner error names the requests that are unknown or outside the scope.
fn plan<'a>(
    connection: &mut PgConnection,
    query: &'a PageQuery,
    counters: &RequestCounters,
    layouts: Layouts,
) -> Result<Result<Planned<'a>, RepositoryError>, DatabaseError> {
    let counters = match counters.of(query.requests.as_slice(), &query.scope)? {
        Ok(counters) => counters,
        Err(unknown) => return Ok(Err(unknown)),
    };
    let task_counts: Vec<u64> = counters.iter().map(|counter| counter.task_count).collect();
    let plan = PagePlan::new(&task_counts, query.page);
    let mut positions = Some(Vec::with_capacity(plan.ranges.len()));
    for range in &plan.ranges {
        let request = query.requests.as_slice().get(range.request).zip(counters.get(range.request));
        let Some((id, counter)) = request else { continue };
        let removed = query.layouts.removed_from(connection, id, counter, layouts)?;
        positions = positions.zip(removed).map(|(mut positions, removed)| {
            positions.push(removed.positions_of(range.positions.clone()));
            positions
        });
    }
    Ok(Ok(Planned { query, counters, plan, positions }))
}

impl Planned<'_> {
    fn page(&self) -> Option<PlannedPage<'_>> {
        let Self { query, counters, plan, positions } = self;
        let positions = positions.as_deref()?;
        Some(PlannedPage { requests: query.requests.as_slice(), counters, plan, positions, max_bytes: query.max_bytes })
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
