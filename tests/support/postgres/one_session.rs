//! Reads that have to share one session, and how to keep them waiting.

use super::database::TestDatabase;
use super::session::SqlSession;
use super::settings::roomy_limits;
use crate::{ids, page};
use annotation_statistics_domain::{CampaignScope, RepositoryError, StatisticsRepository};
use annotation_statistics_storage::{ConnectionSettings, Database, DatabaseError, DatabaseLimits};

/// The number of tasks of the request `a`.
///
/// # Errors
/// Those of the repository.
pub async fn first_page(repository: &impl StatisticsRepository) -> Result<u64, RepositoryError> {
    repository.find_page(&ids(&["a"]), page(1, 10), &CampaignScope::All).await.map(|response| response.page.count)
}

/// Why there was no response.
pub fn cause(response: Result<u64, RepositoryError>) -> DatabaseError {
    match response {
        Err(RepositoryError::Unavailable(cause)) => *cause.downcast().unwrap(),
        other => panic!("{other:?}"),
    }
}

/// A pool with one session, and whose reads wait for as long as a table is locked.
pub fn with_one_session(
    database: &TestDatabase,
    change: impl FnOnce(&mut DatabaseLimits, &mut ConnectionSettings),
) -> Database {
    let mut limits = DatabaseLimits { pool_size: 1, queue_per_session: 1, ..roomy_limits() };
    let mut settings = database.session_settings();
    change(&mut limits, &mut settings);
    Database::new(settings, limits).unwrap()
}

/// Keeps every read waiting until the session is dropped.
pub fn lock(database: &TestDatabase) -> SqlSession {
    let mut session = database.session();
    session.execute("BEGIN; LOCK TABLE annotation_requests");
    session
}
