//! The port of statements on Postgres.

use crate::connection::TransactionError;
use crate::registry::is_known;
use crate::statements::making::{Making, NotMade, port_error};
use crate::statements::{frame_rows, head_rows, key_rows, stated_requests, statement_rows};
use crate::{Database, DatabaseError};
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, CampaignScope, CreatedStatement, FrameStart, NewStatement, PublishedKey,
    RepositoryError, RowFrame, SigningKeyId, Statement, StatementError, StatementFormat, StatementHead, StatementName,
    StatementNumber, StatementRepository,
};
use async_trait::async_trait;
use diesel::pg::PgConnection;
use std::num::NonZeroU32;
use std::sync::Arc;

/// How often a statement is begun again when another one of its request was made meanwhile.
const ATTEMPTS: u32 = 8;

/// Keeps statements in Postgres (ADR 102).
#[derive(Clone)]
pub struct PostgresStatementRepository {
    kept: Database,
    made: Database,
}

impl PostgresStatementRepository {
    /// Reads them from one database, the primary, and makes them in another, whose statements may take long.
    pub fn new(kept: Database, made: Database) -> Self {
        Self { kept, made }
    }

    async fn make(
        &self,
        new: &NewStatement,
        scope: &CampaignScope,
        format: &Arc<dyn StatementFormat>,
    ) -> Result<Result<Statement, DatabaseError>, StatementError> {
        let (new, scope, format) = (new.clone(), scope.clone(), Arc::clone(format));
        let waiting = Arc::new(());
        let alive = Arc::downgrade(&waiting);
        let made = self.made.transact(move |connection| {
            let making = Making { new: &new, scope: &scope, format: format.as_ref(), waiting: alive };
            making.run(connection)
        });
        let made = made.await;
        drop(waiting);
        match made {
            Ok(statement) => Ok(Ok(statement)),
            Err(TransactionError::Failed(NotMade::Outdated(error))) => Ok(Err(error)),
            Err(TransactionError::Failed(NotMade::Failed(error))) => Err(error),
            Err(TransactionError::CommitUnconfirmed { done, error }) if error.leaves_commit_open() => {
                let head = &done.head;
                match self.find_kept(&head.annotation_request_id, &head.name).await {
                    Ok(Some(kept)) if kept == done => Ok(Ok(kept)),
                    _ => Err(StatementError::OutcomeUnknown(Box::new(error))),
                }
            }
            Err(TransactionError::CommitUnconfirmed { error, .. }) => Err(port_error(error)),
        }
    }

    /// The annotation requests behind one that have statements, in the byte order of their ids, at most a thousand: for
    /// operators, who verify them all.
    ///
    /// # Errors
    /// [`StatementError::Unavailable`] and [`StatementError::Corrupt`].
    pub async fn requests_after(
        &self,
        after: Option<&AnnotationRequestId>,
    ) -> Result<Vec<AnnotationRequestId>, StatementError> {
        let after = after.map_or_else(String::new, |id| id.as_str().to_owned());
        self.read(move |connection| stated_requests::load(connection, &after)).await
    }

    async fn find_kept(
        &self,
        id: &AnnotationRequestId,
        name: &StatementName,
    ) -> Result<Option<Statement>, StatementError> {
        let (id, name) = (id.clone(), name.clone());
        self.read(move |connection| statement_rows::find(connection, &id, &name)).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut PgConnection) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, StatementError> {
        self.kept.read(work).await.map_err(port_error)
    }

    /// Which of the two is unknown.
    async fn unknown(
        &self,
        id: &AnnotationRequestId,
        name: &StatementName,
        scope: &CampaignScope,
    ) -> Result<StatementError, StatementError> {
        Ok(if self.is_known(id, scope).await? {
            StatementError::UnknownStatement { annotation_request_id: id.clone(), name: name.clone() }
        } else {
            StatementError::UnknownAnnotationRequest(id.clone())
        })
    }

    async fn is_known(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Result<bool, StatementError> {
        let (id, scope) = (id.clone(), scope.clone());
        self.read(move |connection| is_known(connection, &id, &scope)).await
    }
}

#[async_trait]
impl StatementRepository for PostgresStatementRepository {
    async fn create(
        &self,
        new: NewStatement,
        scope: &CampaignScope,
        format: Arc<dyn StatementFormat>,
    ) -> Result<CreatedStatement, StatementError> {
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let kept = self.find_kept(&new.annotation_request_id, &new.name).await?;
            if let Some(statement) = kept.filter(|kept| scope.covers(&kept.head.campaign_id)) {
                return Ok(CreatedStatement { statement, is_new: false });
            }
            match self.make(&new, scope, &format).await? {
                Ok(statement) => return Ok(CreatedStatement { statement, is_new: true }),
                Err(error) => last = Some(error),
            }
        }
        Err(StatementError::Unavailable(last.map_or_else(|| "it was not begun".into(), Into::into)))
    }

    async fn find(
        &self,
        id: &AnnotationRequestId,
        name: &StatementName,
        scope: &CampaignScope,
    ) -> Result<Statement, StatementError> {
        let found = self.find_kept(id, name).await?.filter(|found| scope.covers(&found.head.campaign_id));
        match found {
            Some(statement) => Ok(statement),
            None => Err(self.unknown(id, name, scope).await?),
        }
    }

    async fn find_heads(
        &self,
        requests: &AnnotationRequestIds,
        name: &StatementName,
        scope: &CampaignScope,
    ) -> Result<Vec<StatementHead>, RepositoryError> {
        let (requests, name, scope) = (requests.clone(), name.clone(), scope.clone());
        self.read(move |connection| head_rows::load(connection, &requests, &name, &scope)).await?
    }

    async fn list(
        &self,
        id: &AnnotationRequestId,
        before: Option<StatementNumber>,
        limit: NonZeroU32,
        scope: &CampaignScope,
    ) -> Result<Vec<StatementHead>, StatementError> {
        let requested = id.clone();
        let heads = self.read(move |connection| statement_rows::list(connection, &requested, before, limit)).await?;
        match heads.first() {
            Some(head) if scope.covers(&head.campaign_id) => Ok(heads),
            _ if self.is_known(id, scope).await? => Ok(heads),
            _ => Err(StatementError::UnknownAnnotationRequest(id.clone())),
        }
    }

    async fn find_frames(
        &self,
        id: &AnnotationRequestId,
        number: StatementNumber,
        start: FrameStart,
        most: NonZeroU32,
    ) -> Result<Vec<RowFrame>, StatementError> {
        let id = id.clone();
        self.read(move |connection| frame_rows::load(connection, &id, number, start, most)).await
    }

    async fn list_keys(&self) -> Result<Vec<PublishedKey>, StatementError> {
        self.read(key_rows::list).await
    }

    async fn retire_key(&self, id: &SigningKeyId) -> Result<PublishedKey, StatementError> {
        let key = id.clone();
        let retired = self.kept.write(move |connection| key_rows::retire(connection, &key)).await;
        retired.map_err(port_error)?.ok_or_else(|| StatementError::UnknownKey(id.clone()))
    }
}
