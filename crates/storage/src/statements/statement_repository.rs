//! The port of statements on Postgres.

use crate::Database;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, CreatedStatement, FrameStart, NewStatement, PublishedKey, RowFrame,
    SigningKeyId, Statement, StatementError, StatementFormat, StatementHead, StatementName, StatementNumber,
    StatementRepository,
};
use async_trait::async_trait;
use std::num::NonZeroU32;
use std::sync::Arc;

/// Keeps statements in Postgres.
#[derive(Clone)]
pub struct PostgresStatementRepository {
    #[expect(dead_code, reason = "not built yet")]
    kept: Database,
    #[expect(dead_code, reason = "not built yet")]
    made: Database,
}

impl PostgresStatementRepository {
    /// Reads them from one database, the primary, and makes them in another, whose statements may take long.
    pub fn new(kept: Database, made: Database) -> Self {
        Self { kept, made }
    }
}

fn not_built<T>() -> Result<T, StatementError> {
    Err(StatementError::Unavailable("not built yet".into()))
}

#[async_trait]
impl StatementRepository for PostgresStatementRepository {
    async fn create(
        &self,
        _: NewStatement,
        _: &CampaignScope,
        _: Arc<dyn StatementFormat>,
    ) -> Result<CreatedStatement, StatementError> {
        not_built()
    }

    async fn find(
        &self,
        _: &AnnotationRequestId,
        _: &StatementName,
        _: &CampaignScope,
    ) -> Result<Statement, StatementError> {
        not_built()
    }

    async fn list(
        &self,
        _: &AnnotationRequestId,
        _: Option<StatementNumber>,
        _: NonZeroU32,
        _: &CampaignScope,
    ) -> Result<Vec<StatementHead>, StatementError> {
        not_built()
    }

    async fn find_frames(
        &self,
        _: &AnnotationRequestId,
        _: StatementNumber,
        _: FrameStart,
        _: NonZeroU32,
    ) -> Result<Vec<RowFrame>, StatementError> {
        not_built()
    }

    async fn list_keys(&self) -> Result<Vec<PublishedKey>, StatementError> {
        not_built()
    }

    async fn retire_key(&self, _: &SigningKeyId) -> Result<PublishedKey, StatementError> {
        not_built()
    }
}
