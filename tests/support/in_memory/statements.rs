//! The statements in memory.

use super::statistics::InMemoryStatistics;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, CreatedStatement, FrameStart, NewStatement, PublishedKey, RowFrame,
    SigningKeyId, Statement, StatementError, StatementFormat, StatementHead, StatementName, StatementNumber,
    StatementRepository,
};
use async_trait::async_trait;
use std::num::NonZeroU32;
use std::sync::Arc;

fn not_built<T>() -> Result<T, StatementError> {
    Err(StatementError::Unavailable("not built yet".into()))
}

#[async_trait]
impl StatementRepository for InMemoryStatistics {
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
