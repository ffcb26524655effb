//! The port that finds, on Postgres.

use crate::Database;
use crate::finding::request_list::{self, Bounds};
use crate::finding::{campaign_rows, task_places};
use annotation_statistics_domain::{
    AnnotationRequestFinder, CampaignId, CampaignScope, FoundCampaigns, FoundRequests, FoundTaskPlaces,
    RepositoryError, RequestSearch, TaskSearch,
};
use async_trait::async_trait;
use diesel::pg::PgConnection;
use std::num::NonZeroU32;

/// Finds by indexes whose order is that of the list, and looks at no more entries of them for a page than its limit says.
#[derive(Clone)]
pub struct PostgresAnnotationRequestFinder {
    database: Database,
    bounds: Bounds,
}

impl PostgresAnnotationRequestFinder {
    /// Finds in the given database. A page of a search by a part of the id looks at the ids of at most so many requests, and
    /// what needs the sums of requests at a fifth of that.
    pub fn new(database: Database, most_looked_at: NonZeroU32) -> Self {
        Self { database, bounds: Bounds::new(most_looked_at) }
    }
}

#[async_trait]
impl AnnotationRequestFinder for PostgresAnnotationRequestFinder {
    async fn find_requests(
        &self,
        search: &RequestSearch,
        scope: &CampaignScope,
    ) -> Result<FoundRequests, RepositoryError> {
        let (search, scope, bounds) = (search.clone(), scope.clone(), self.bounds);
        let work = move |connection: &mut PgConnection| request_list::find(connection, &search, &scope, bounds);
        self.database.read(work).await.map_err(RepositoryError::from)
    }

    async fn find_tasks(&self, search: &TaskSearch, scope: &CampaignScope) -> Result<FoundTaskPlaces, RepositoryError> {
        let (search, scope) = (search.clone(), scope.clone());
        let work = move |connection: &mut PgConnection| task_places::find(connection, &search, &scope);
        self.database.read(work).await.map_err(RepositoryError::from)
    }

    async fn list_campaigns(
        &self,
        after: Option<CampaignId>,
        limit: NonZeroU32,
        scope: &CampaignScope,
    ) -> Result<FoundCampaigns, RepositoryError> {
        let (scope, most) = (scope.clone(), self.bounds.requests_with_sums());
        let work = move |connection: &mut PgConnection| {
            campaign_rows::find(connection, after.as_ref(), limit.get(), &scope, most)
        };
        self.database.read(work).await.map_err(RepositoryError::from)
    }
}
