//! The second statement of a read: the tasks at known positions (ADR 12).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::bounded_rows::{Bounded, BoundedRows, load_within};
use crate::reading::request_counters::RequestCounter;
use crate::reading::stored_task::{TaskColumns, TaskRow, statistics};
use crate::reading::tasks_on_shards::{self, PartOnShard};
use annotation_statistics_domain::{AnnotationRequest, AnnotationRequestId, PagePlan, SourceName, Statistics, TaskId};
use diesel::pg::{PgConnection, PgRowByRowLoadingMode};
use diesel::sql_types::{Array, BigInt, Text};
use diesel::{OptionalExtension, QueryResult, RunQueryDsl};
use std::ops::Range;

/// The tasks of the requests `$1` at positions `$2` (included) to `$3` (excluded), where the request still has the
/// revision `$4` and the layout `$5`, in no order. A request that was changed since gives no rows, which the reader notices
/// (ADR 10, 68).
///
/// Both are a subquery for each range: as a join, they hide from the planner that the positions bound the index
/// scan.
pub const TASK_ROWS_SQL: &str = "\
SELECT page.range, s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS page (id, first, past, revision, layout, range) \
JOIN statistics AS s ON s.annotation_request_id = page.id AND s.position >= page.first AND s.position < page.past \
WHERE (SELECT r.revision = page.revision AND r.layout = page.layout FROM annotation_requests AS r WHERE r.id = page.id)";

/// The same for one request `$1`, in which most pages of several lie: Postgres keeps this plan, and plans the other each
/// time (ADR 12).
pub const TASK_ROWS_OF_ONE_SQL: &str = "\
SELECT s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM statistics AS s WHERE s.annotation_request_id = $1 AND s.position >= $2 AND s.position < $3 \
AND (SELECT r.revision = $4 AND r.layout = $5 FROM annotation_requests AS r WHERE r.id = $1)";

/// One task `$2` of the request `$1`; it is found by its key, so its place and its range say nothing.
const TASK_ROW: &str = "\
SELECT s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM statistics AS s WHERE s.annotation_request_id = $1 AND s.task_id = $2";

/// The tasks of the request `$1` that were made of `$2`, at most `$3`.
pub const NAMED_TASKS_SQL: &str = "\
SELECT s.position, s.task_id, s.status, s.pool_name, s.pool_type, s.instance_info, \
s.instance_num, s.attribute_num, s.frame_num, s.source_name \
FROM statistics AS s WHERE s.annotation_request_id = $1 AND s.source_name = $2 ORDER BY s.position LIMIT $3";

const COUNT_NAMED_TASKS: &str =
    "SELECT count(*) FROM statistics AS s WHERE s.annotation_request_id = $1 AND s.source_name = $2";

prepared_statement!(TaskRows, TASK_ROWS_SQL, (BigInt, TaskColumns), {
    1 => ids: Vec<&'a str> as Array<Text>,
    2 => firsts: Vec<i64> as Array<BigInt>,
    3 => pasts: Vec<i64> as Array<BigInt>,
    4 => revisions: Vec<i64> as Array<BigInt>,
    5 => layouts: Vec<i64> as Array<BigInt>,
});
prepared_statement!(TaskRowsOfOne, TASK_ROWS_OF_ONE_SQL, TaskColumns, {
    1 => id: &'a str as Text,
    2 => first: i64 as BigInt,
    3 => past: i64 as BigInt,
    4 => revision: i64 as BigInt,
    5 => layout: i64 as BigInt,
});

prepared_statement!(TaskRowByKey, TASK_ROW, TaskColumns, { 1 => id: &'a str as Text, 2 => task: i64 as BigInt, });

prepared_statement!(NamedTaskRows, NAMED_TASKS_SQL, TaskColumns, {
    1 => id: &'a str as Text,
    2 => name: &'a str as Text,
    3 => most: i64 as BigInt,
});
prepared_statement!(CountNamedTasks, COUNT_NAMED_TASKS, BigInt, { 1 => id: &'a str as Text, 2 => name: &'a str as Text, });

/// The tasks of a page.
pub(super) enum PageTasks {
    Loaded(Vec<Statistics>),
    TooLarge {
        largest: usize,
    },
    /// A request was changed since its counter was read.
    Outdated,
}

/// A page whose rows are known by their positions.
pub(super) struct PlannedPage<'a> {
    pub(super) requests: &'a [AnnotationRequestId],
    pub(super) counters: &'a [RequestCounter],
    pub(super) plan: &'a PagePlan,
    /// Of each part of the plan.
    pub(super) positions: &'a [Range<u64>],
    /// The most bytes of several tasks.
    pub(super) max_bytes: usize,
}

/// The tasks of each of the pages, in the order of its plan; each by itself where requests are sharded.
pub(super) fn load(
    connection: &mut PgConnection,
    pages: &[PlannedPage<'_>],
    is_sharded: bool,
) -> Result<Vec<Result<PageTasks, DatabaseError>>, DatabaseError> {
    let parts: Vec<Part<'_>> = pages.iter().enumerate().flat_map(|(number, page)| page.parts(number)).collect();
    let mut found: Vec<BoundedRows> = pages.iter().map(|page| BoundedRows::new(page.max_bytes)).collect();
    if !parts.is_empty() {
        let push = |part: &Part<'_>, row| {
            if let Some(page) = found.get_mut(part.page) {
                page.push(row);
            }
        };
        let read = if is_sharded { query_sharded(connection, &parts, push) } else { query(connection, &parts, push) };
        // The rest is measured as far as the database sends it in time.
        if !found.iter().all(BoundedRows::is_exceeded) {
            read?;
        }
    }
    Ok(pages.iter().zip(found).map(|(page, rows)| page.tasks(&parts, rows)).collect())
}

impl PlannedPage<'_> {
    fn parts(&self, page: usize) -> impl Iterator<Item = Part<'_>> {
        self.plan.ranges.iter().zip(self.positions).filter_map(move |(range, positions)| {
            let (request, counter) = (self.requests.get(range.request)?, self.counters.get(range.request)?);
            let (first, past) = (position(positions.start), position(positions.end));
            let is_whole = range.positions == (0..counter.task_count);
            Some(Part { page, request, counter, first, past, is_whole })
        })
    }

    fn tasks(&self, parts: &[Part<'_>], rows: BoundedRows) -> Result<PageTasks, DatabaseError> {
        let mut rows = match rows.finish() {
            Bounded::Rows(rows) => rows,
            Bounded::TooLarge { largest } => return Ok(PageTasks::TooLarge { largest }),
        };
        if u64::try_from(rows.len()) != Ok(self.plan.row_count()) {
            return Ok(PageTasks::Outdated);
        }
        // Index scans return them in order already, but nothing guarantees it.
        rows.sort_by_key(|row| (row.range, row.position));
        let tasks = rows.into_iter().map(|row| {
            let part = part(parts, &row)?;
            statistics(part.request, &part.counter.campaign_id, row)
        });
        tasks.collect::<Result<_, _>>().map(PageTasks::Loaded)
    }
}

fn part<'a, 'b>(parts: &'b [Part<'a>], row: &TaskRow) -> Result<&'b Part<'a>, DatabaseError> {
    let part = usize::try_from(row.range - 1).ok().and_then(|index| parts.get(index));
    part.ok_or_else(|| DatabaseError::Corrupt("a row of no range".into()))
}

/// The task with a number, if the request has it.
pub(crate) fn find_task(
    connection: &mut PgConnection,
    request: &AnnotationRequest,
    task: TaskId,
) -> Result<Option<Statistics>, DatabaseError> {
    let row: Option<TaskRow> =
        TaskRowByKey { id: request.id.as_str(), task: task.get() }.get_result(connection).optional()?;
    row.map(|row| statistics(&request.id, &request.campaign_id, row)).transpose()
}

/// How many tasks were made of something with this name, and the first of them, where those are at most `max_bytes` or one;
/// else the size of the largest.
pub(crate) fn find_named_tasks(
    connection: &mut PgConnection,
    request: &AnnotationRequest,
    name: &SourceName,
    most: u32,
    max_bytes: usize,
) -> Result<Result<(u64, Vec<Statistics>), usize>, DatabaseError> {
    let (id, name) = (request.id.as_str(), name.as_str());
    let count: i64 = CountNamedTasks { id, name }.get_result(connection)?;
    let statement = NamedTaskRows { id, name, most: i64::from(most) };
    let rows = load_within(statement.load_iter::<TaskRow, PgRowByRowLoadingMode>(connection)?, max_bytes)?;
    let rows = match rows {
        Bounded::Rows(rows) => rows,
        Bounded::TooLarge { largest } => return Ok(Err(largest)),
    };
    let tasks = rows.into_iter().map(|row| statistics(&request.id, &request.campaign_id, row));
    Ok(Ok((count.unsigned_abs(), tasks.collect::<Result<_, _>>()?)))
}

/// Selects no task, but fails where selecting one would.
pub(super) fn check(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    query(connection, &[], |_, _| ())
}

/// The tasks of one request that a page shows.
struct Part<'a> {
    page: usize,
    request: &'a AnnotationRequestId,
    counter: &'a RequestCounter,
    first: i64,
    past: i64,
    /// Whether these are all of its tasks.
    is_whole: bool,
}

fn position(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Row by row: otherwise libpq buffers all rows before the first one is read, and the limit would come too late (ADR 47).
fn query(
    connection: &mut PgConnection,
    parts: &[Part<'_>],
    mut each: impl FnMut(&Part<'_>, TaskRow),
) -> Result<(), DatabaseError> {
    if let [part] = parts {
        return query_one(connection, part, each);
    }
    let take = |row: QueryResult<TaskRow>| {
        let row = row?;
        each(part(parts, &row)?, row);
        Ok::<_, DatabaseError>(())
    };
    let statement = TaskRows {
        ids: parts.iter().map(|part| part.request.as_str()).collect(),
        firsts: parts.iter().map(|part| part.first).collect(),
        pasts: parts.iter().map(|part| part.past).collect(),
        revisions: parts.iter().map(|part| part.counter.revision.number()).collect(),
        layouts: parts.iter().map(|part| part.counter.layout).collect(),
    };
    statement.load_iter::<TaskRow, PgRowByRowLoadingMode>(connection)?.try_for_each(take)
}

/// The same of one page where requests are sharded.
fn query_sharded(
    connection: &mut PgConnection,
    parts: &[Part<'_>],
    mut each: impl FnMut(&Part<'_>, TaskRow),
) -> Result<(), DatabaseError> {
    let numbered = (1..).zip(parts);
    let on_shards: Vec<PartOnShard<'_>> = numbered
        .map(|(range, part)| {
            let positions = part.first..part.past;
            PartOnShard { id: part.request.as_str(), positions, is_whole: part.is_whole, range }
        })
        .collect();
    tasks_on_shards::load(connection, &on_shards, |row| {
        each(part(parts, &row)?, row);
        Ok(())
    })
}

/// The same of one request, which is the only part.
fn query_one(
    connection: &mut PgConnection,
    part: &Part<'_>,
    mut each: impl FnMut(&Part<'_>, TaskRow),
) -> Result<(), DatabaseError> {
    let (revision, layout) = (part.counter.revision.number(), part.counter.layout);
    let statement = TaskRowsOfOne { id: part.request.as_str(), first: part.first, past: part.past, revision, layout };
    statement.load_iter::<TaskRow, PgRowByRowLoadingMode>(connection)?.try_for_each(|row| {
        let mut row = row?;
        row.range = 1;
        each(part, row);
        Ok(())
    })
}
