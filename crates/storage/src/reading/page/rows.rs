//! The rows of a page of one request, and how they become the page.

use crate::DatabaseError;
use crate::reading::bounded_rows::{Bounded, BoundedRows};
use crate::reading::page::columns::{PageColumns, PageRecords};
use crate::reading::page::query::{PageQuery, PageResult};
use crate::reading::request_counters::{self, CounterColumns, CounterRow};
use crate::reading::stored_task::{PageTaskColumns, PageTaskRecord, TaskRow, column, statistics};
use annotation_statistics_domain::{
    AnnotationRequestId, Page, PagePlan, RemovedPositions, RepositoryError, StatisticsPage,
};
use diesel::deserialize::{self, FromSqlRow};
use diesel::pg::Pg;
use diesel::row::Row;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Record, Text};

/// How many columns a request has.
const REQUEST_COLUMNS: usize = 6;

/// A task of the request, if it has one there, and the columns of the request in one row of each page.
pub(super) struct PageRow {
    /// Which of the requested pages it is of, from 1.
    pub(super) number: i64,
    request: Option<CounterRow>,
    task: PageTask,
}

enum PageTask {
    None,
    Read(TaskRow),
    /// Its counts are large, and were not sent.
    LeftOut,
}

impl FromSqlRow<PageColumns, Pg> for PageRow {
    fn build_from_row<'a>(row: &impl Row<'a, Pg>) -> deserialize::Result<Self> {
        let request = match column::<Nullable<Text>, _>(row, 0)? {
            None => None,
            Some(campaign_id) => Some(request(row, campaign_id)?),
        };
        let task = match column::<Nullable<BigInt>, _>(row, REQUEST_COLUMNS)? {
            None => PageTask::None,
            Some(position) => match column::<Nullable<Jsonb>, _>(row, REQUEST_COLUMNS + TaskRow::INSTANCE_INFO)? {
                None => PageTask::LeftOut,
                Some(counts) => PageTask::Read(TaskRow::read_others(row, REQUEST_COLUMNS, 1, position, counts)?),
            },
        };
        Ok(Self { number: 1, request, task })
    }
}

impl FromSqlRow<PageRecords, Pg> for PageRow {
    fn build_from_row<'a>(row: &impl Row<'a, Pg>) -> deserialize::Result<Self> {
        Self::read_records(row, 0, 1)
    }
}

impl FromSqlRow<(BigInt, PageRecords), Pg> for PageRow {
    fn build_from_row<'a>(row: &impl Row<'a, Pg>) -> deserialize::Result<Self> {
        Self::read_records(row, 1, column::<BigInt, _>(row, 0)?)
    }
}

impl PageRow {
    fn read_records<'a>(row: &impl Row<'a, Pg>, first: usize, number: i64) -> deserialize::Result<Self> {
        let request = column::<Nullable<Record<CounterColumns>>, _>(row, first)?;
        let task = match column::<Nullable<Record<PageTaskColumns>>, Option<PageTaskRecord>>(row, first + 1)? {
            None => PageTask::None,
            Some(record) => TaskRow::of_page(record).map_or(PageTask::LeftOut, PageTask::Read),
        };
        Ok(Self { number, request, task })
    }
}

fn request<'a>(row: &impl Row<'a, Pg>, campaign_id: String) -> deserialize::Result<CounterRow> {
    Ok((
        campaign_id,
        column::<BigInt, _>(row, 1)?,
        column::<BigInt, _>(row, 2)?,
        column::<Nullable<Text>, _>(row, 3)?,
        column::<BigInt, _>(row, 4)?,
        column::<BigInt, _>(row, 5)?,
    ))
}

/// The rows of one page as they come.
pub(super) struct PageRows {
    request: Option<CounterRow>,
    has_rows: bool,
    is_complete: bool,
    tasks: BoundedRows,
}

impl PageRows {
    /// Keeps at most so many bytes of tasks, or one task.
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { request: None, has_rows: false, is_complete: true, tasks: BoundedRows::new(max_bytes) }
    }

    pub(super) fn push(&mut self, row: PageRow) {
        if row.request.is_some() {
            self.request = row.request;
        }
        self.has_rows = true;
        match row.task {
            PageTask::None => {}
            PageTask::Read(task) => self.tasks.push(task),
            PageTask::LeftOut => self.is_complete = false,
        }
    }

    /// The page of the request `id`; `None` where the request has another layout than the positions of the query are of, or
    /// tasks with large counts: they are loaded one after the other, as all of them together may take too much memory (ADR 47).
    pub(super) fn page(self, id: &AnnotationRequestId, query: &PageQuery) -> Result<Option<PageResult>, DatabaseError> {
        let Some(row) = self.request else {
            // Where there are tasks, but none at the first position, it has another layout.
            let unknown = RepositoryError::UnknownAnnotationRequests(vec![id.clone()]);
            return Ok((!self.has_rows).then_some(Err(unknown)));
        };
        if !self.is_complete {
            return Ok(None);
        }
        let counter = request_counters::counter(id.as_str(), row)?;
        let Some(removed) = query.layout.removed_in(&counter) else { return Ok(None) };
        let mut rows = match self.tasks.finish() {
            Bounded::Rows(rows) => rows,
            Bounded::TooLarge { largest } => return Ok(Some(Err(RepositoryError::PageTooLarge { largest }))),
        };
        // Index scans return them in order already, but nothing guarantees it.
        rows.sort_by_key(|row| row.position);
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
    rows.iter().map(|row| u64::try_from(row.position).ok()).eq(planned.map(Some))
}
