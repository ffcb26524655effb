//! The reading port on Postgres.

use crate::Database;
use crate::DatabaseError;
use crate::connection::in_one_snapshot;
use crate::reading::page_of_one;
use crate::reading::page_query::{PageQuery, PageResult};
use crate::reading::request_counters;
use crate::reading::task_rows;
use crate::reading::task_rows::PageTasks;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, Page, PagePlan, PageRequest, RepositoryError,
    StatisticsPage, StatisticsRepository,
};
use async_trait::async_trait;
use diesel::pg::PgConnection;
use diesel::{OptionalExtension, QueryableByName, RunQueryDsl};

/// Reads from Postgres, at the same cost for a page at any depth.
///
/// A page of one request is one statement, as its positions follow from the page alone (ADR 62).
///
/// A page of several is two: the counter rows of the requests, then the rows at the positions that the [`PagePlan`]
/// computes. The second one only returns rows of requests that still have the revision of the first, so the response is
/// one snapshot although no transaction is held; where a writer came in between, both are read again in a transaction
/// that sees one snapshot (ADR 10).
#[derive(Clone)]
pub struct PostgresStatisticsRepository {
    database: Database,
    max_page_bytes: usize,
}

impl PostgresStatisticsRepository {
    /// Reads from the given database, pages of any size.
    pub fn new(database: Database) -> Self {
        Self { database, max_page_bytes: usize::MAX }
    }

    /// Loads at most so many bytes of a page, as the database sends its tasks; a single task whatever its size.
    #[must_use]
    pub fn with_max_page(self, bytes: usize) -> Self {
        Self { max_page_bytes: bytes, ..self }
    }

    /// Any annotation request, the same one each time; `None` when nothing is recorded.
    ///
    /// # Errors
    /// As [`StatisticsRepository::find_page`].
    pub async fn first_request(&self) -> Result<Option<AnnotationRequestId>, RepositoryError> {
        let first = self.database.read(|connection| {
            let id: Option<FirstRequest> = diesel::sql_query(FIRST_REQUEST_SQL).get_result(connection).optional()?;
            Ok(id.map(|row| row.id))
        });
        let id = first.await?.map(AnnotationRequestId::new).transpose();
        id.map_err(|error| RepositoryError::Corrupt { what: format!("annotation_requests.id: {error}") })
    }
}

const FIRST_REQUEST_SQL: &str = "SELECT id FROM annotation_requests ORDER BY id LIMIT 1";

#[derive(QueryableByName)]
struct FirstRequest {
    #[diesel(sql_type = diesel::sql_types::Text)]
    id: String,
}

#[async_trait]
impl StatisticsRepository for PostgresStatisticsRepository {
    async fn find_page(
        &self,
        requests: &AnnotationRequestIds,
        page: PageRequest,
        scope: &CampaignScope,
    ) -> Result<StatisticsPage, RepositoryError> {
        let query =
            PageQuery { requests: requests.clone(), page, scope: scope.clone(), max_bytes: self.max_page_bytes };
        self.database.read(move |connection| find_page(connection, &query)).await.map_err(RepositoryError::from)?
    }

    async fn check_ready(&self) -> Result<(), RepositoryError> {
        // For no id and no task: it only proves that the statements work.
        let checked = self.database.read(|connection| {
            request_counters::load(connection, &[], &CampaignScope::All).map(drop)?;
            task_rows::check(connection)?;
            page_of_one::check(connection)
        });
        checked.await.map_err(Into::into)
    }
}

fn find_page(connection: &mut PgConnection, query: &PageQuery) -> Result<PageResult, DatabaseError> {
    if let [id] = query.requests.as_slice() {
        return page_of_one::find(connection, id, query);
    }
    if let Some(page) = read_both(connection, query)? {
        return Ok(page);
    }
    let again = in_one_snapshot(connection, |connection| read_both(connection, query))?;
    again.ok_or_else(|| {
        let ids = query.requests.as_slice().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        DatabaseError::Corrupt(format!("annotation_requests.task_count is not the number of tasks in one of {ids}"))
    })
}

/// `None` when the requests changed between the two statements.
fn read_both(connection: &mut PgConnection, query: &PageQuery) -> Result<Option<PageResult>, DatabaseError> {
    let PageQuery { requests, page, scope, max_bytes } = query;
    let counters = match request_counters::load(connection, requests.as_slice(), scope)? {
        Ok(counters) => counters,
        Err(unknown) => return Ok(Some(Err(unknown))),
    };
    let task_counts: Vec<u64> = counters.iter().map(|counter| counter.task_count).collect();
    let plan = PagePlan::new(&task_counts, *page);
    let rows = match task_rows::load(connection, requests.as_slice(), &counters, &plan, *max_bytes)? {
        PageTasks::Loaded(rows) => rows,
        PageTasks::TooLarge { largest } => return Ok(Some(Err(RepositoryError::PageTooLarge { largest }))),
        PageTasks::Outdated => return Ok(None),
    };
    let page = Page { count: plan.count, rows };
    let revisions = counters.iter().map(|counter| counter.revision).collect();
    let counting_rules = counters.into_iter().map(|counter| counter.counting_rule).collect();
    Ok(Some(Ok(StatisticsPage { page, revisions, counting_rules })))
}

impl From<DatabaseError> for RepositoryError {
    fn from(error: DatabaseError) -> Self {
        if let DatabaseError::Corrupt(what) = error {
            Self::Corrupt { what }
        } else {
            Self::Unavailable(Box::new(error))
        }
    }
}
