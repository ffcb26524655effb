//! The reading port on Postgres.

use crate::Database;
use crate::DatabaseError;
use crate::connection::in_one_snapshot;
use crate::reading::known_layouts::KnownLayouts;
use crate::reading::latest_schema;
use crate::reading::page::{self, PageQuery};
use crate::reading::request_counters;
use crate::reading::sharding::Sharding;
use crate::reading::state_query::StateQuery;
use crate::reading::task_rows;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, PageRequest, RepositoryError, RequestState,
    StatisticsPage, StatisticsRepository, WhitelistedPage,
};
use async_trait::async_trait;
use diesel::{OptionalExtension, QueryableByName, RunQueryDsl};

/// Reads from Postgres, at the same cost for a page at any depth.
///
/// A page of one request is one statement, as its positions follow from the page alone (ADR 62).
///
/// A page of several is two: the counter rows of the requests, then the rows at the positions that the page plan
/// computes. The second one only returns rows of requests that still have the revision of the first, so the response is
/// one snapshot although no transaction is held; where a writer came in between, both are read again in a transaction
/// that sees one snapshot (ADR 10). The states of requests are the first of these statements alone.
///
/// A page with the whitelists of its requests is read in such a transaction from the start (ADR 100).
///
/// Pages that wait for a connection are read together, and so are states (ADR 63); but each by itself, in a transaction with
/// one snapshot where it is of several requests, where the database is sharded by them (ADR 76, ADR 91).
#[derive(Clone)]
pub struct PostgresStatisticsRepository {
    database: Database,
    max_page_bytes: usize,
    layouts: KnownLayouts,
    sharding: Sharding,
}

impl PostgresStatisticsRepository {
    /// Reads from the given database, pages of any size.
    pub fn new(database: Database) -> Self {
        Self { database, max_page_bytes: usize::MAX, layouts: KnownLayouts::default(), sharding: Sharding::default() }
    }

    /// Loads at most so many bytes of a page, as the database sends its tasks; a single task whatever its size. Tasks with
    /// uncompressed counts of at most 2,000 bytes are sent together, and measured then (ADR 62).
    #[must_use]
    pub fn with_max_page(self, bytes: usize) -> Self {
        Self { max_page_bytes: bytes, ..self }
    }

    /// Reads each request by itself, as in a database that is sharded by them, whether it is or not.
    #[must_use]
    pub fn as_if_sharded(self) -> Self {
        Self { sharding: Sharding::assumed(), ..self }
    }

    fn page_query(&self, requests: &AnnotationRequestIds, page: PageRequest, scope: &CampaignScope) -> PageQuery {
        let (layouts, sharding) = (self.layouts.clone(), self.sharding.clone());
        PageQuery::new(requests.clone(), page, scope.clone(), self.max_page_bytes, layouts, sharding)
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
        self.database.read_batched(self.page_query(requests, page, scope)).await.map_err(RepositoryError::from)?
    }

    async fn find_whitelisted_page(
        &self,
        requests: &AnnotationRequestIds,
        page: PageRequest,
        scope: &CampaignScope,
    ) -> Result<WhitelistedPage, RepositoryError> {
        let query = self.page_query(requests, page, scope);
        let found = self.database.read(move |connection| {
            in_one_snapshot(connection, |connection| page::find_whitelisted(connection, &query))
        });
        found.await.map_err(RepositoryError::from)?
    }

    async fn find_states(
        &self,
        requests: &AnnotationRequestIds,
        scope: &CampaignScope,
    ) -> Result<Vec<RequestState>, RepositoryError> {
        let (requests, scope, sharding) = (requests.clone(), scope.clone(), self.sharding.clone());
        let query = StateQuery { requests, scope, sharding };
        self.database.read_batched(query).await.map_err(RepositoryError::from)?
    }

    async fn check_ready(&self) -> Result<(), RepositoryError> {
        // For no id and no task: it only proves that the statements work.
        let sharding = self.sharding.clone();
        let checked = self.database.read(move |connection| {
            latest_schema::check(connection)?;
            if sharding.find(connection)? {
                return page::check_sharded(connection);
            }
            request_counters::load(connection, &[], &CampaignScope::All, false).map(drop)?;
            task_rows::check(connection)?;
            page::check(connection)
        });
        checked.await.map_err(Into::into)
    }
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
