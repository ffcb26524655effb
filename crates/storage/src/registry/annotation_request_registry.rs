//! The registry port on Postgres.

use crate::Database;
use crate::DatabaseError;
use crate::connection::{TransactionError, in_one_snapshot};
use crate::reading::{Sharding, find_named_tasks, find_task};
use crate::registry::change_mark::ChangeMark;
use crate::registry::not_changed::{NotChanged, port_error};
use crate::registry::packing::{Packing, PackingLimits};
use crate::registry::packing_slot::PackingFailures;
use crate::registry::{deletion, statements};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestRegistry, CampaignScope, CountingRuleConflict,
    DeletedRequest, FoundTask, NamedTasks, NewAnnotationRequest, Precondition, PreconditionFailed, RegistryError,
    Revision, SourceName, TaskId,
};
use async_trait::async_trait;
use diesel::pg::PgConnection;

/// Keeps annotation requests in Postgres.
///
/// Every change locks the counter row of its request first, as recording does: changes of one request queue (ADR 17).
#[derive(Clone)]
pub struct PostgresAnnotationRequestRegistry {
    database: Database,
    max_page_bytes: usize,
    packing: Packing,
    sharding: Sharding,
}

impl PostgresAnnotationRequestRegistry {
    /// Keeps them in the given database: the primary, so that reads find what was just written.
    pub fn new(database: Database) -> Self {
        let (packing, sharding) = (Packing::new(database.clone()), Sharding::default());
        Self { packing, database, max_page_bytes: usize::MAX, sharding }
    }

    /// Changes each table by a statement of its own, as in a database that is sharded by the requests, whether it is or not.
    #[must_use]
    pub fn as_if_sharded(self) -> Self {
        Self { sharding: Sharding::assumed(), ..self }
    }

    /// Loads at most so many bytes of several tasks, as the database sends them.
    #[must_use]
    pub fn with_max_page(self, bytes: usize) -> Self {
        Self { max_page_bytes: bytes, ..self }
    }

    /// Closes the gaps of deleted tasks within these limits.
    #[must_use]
    pub fn with_packing(mut self, limits: PackingLimits) -> Self {
        self.packing.limits = limits;
        self
    }

    /// How often closing gaps in the background failed.
    pub fn packing_failures(&self) -> PackingFailures {
        self.packing.failures()
    }

    /// Closes the gaps that deleted tasks have left in a request, step by step, as is done in the background once there
    /// are many. Nothing that anybody reads changes, and no revision.
    ///
    /// # Errors
    /// [`RegistryError::Unavailable`]; the steps that were made stay.
    pub async fn pack(&self, id: &AnnotationRequestId) -> Result<(), RegistryError> {
        self.packing.pack(id).await
    }

    pub(super) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<(T, ChangeMark), NotChanged> + Send + 'static,
    ) -> Result<T, RegistryError> {
        match self.database.transact(work).await {
            Ok((done, _)) => Ok(done),
            Err(TransactionError::Failed(NotChanged(error))) => Err(error),
            Err(TransactionError::CommitUnconfirmed { done: (done, mark), error }) if error.leaves_commit_open() => {
                match self.database.read(move |connection| mark.is_found(connection)).await {
                    Ok(true) => Ok(done),
                    Ok(false) | Err(_) => Err(RegistryError::OutcomeUnknown(Box::new(error))),
                }
            }
            Err(TransactionError::CommitUnconfirmed { error, .. }) => Err(port_error(error)),
        }
    }

    /// What `find` finds in a request, in one snapshot with the request itself.
    pub(super) async fn find_within<T: Send + 'static>(
        &self,
        id: &AnnotationRequestId,
        scope: &CampaignScope,
        find: impl Fn(&mut PgConnection, &AnnotationRequest) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, RegistryError> {
        let (requested, visible) = (id.clone(), scope.clone());
        let found = self.database.read(move |connection| {
            in_one_snapshot(connection, |connection| {
                let request = statements::find(connection, &requested)?;
                let request = request.filter(|request| visible.covers(&request.campaign_id));
                request.map(|request| find(connection, &request)).transpose()
            })
        });
        let found = found.await.map_err(port_error)?;
        found.ok_or_else(|| RegistryError::UnknownAnnotationRequest(id.clone()))
    }
}

#[async_trait]
impl AnnotationRequestRegistry for PostgresAnnotationRequestRegistry {
    async fn register(
        &self,
        request: NewAnnotationRequest,
        precondition: Precondition,
    ) -> Result<AnnotationRequest, RegistryError> {
        self.change(move |connection| {
            let registered = register(connection, &request, &precondition)?;
            let mark = ChangeMark::of(&registered);
            Ok((registered, mark))
        })
        .await
    }

    async fn find(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Result<AnnotationRequest, RegistryError> {
        let requested = id.clone();
        let found = self.database.read(move |connection| statements::find(connection, &requested)).await;
        in_scope(found.map_err(port_error)?, id, scope)
    }

    async fn find_task(
        &self,
        id: &AnnotationRequestId,
        task: TaskId,
        scope: &CampaignScope,
    ) -> Result<FoundTask, RegistryError> {
        let find = move |connection: &mut PgConnection, request: &AnnotationRequest| {
            let found = find_task(connection, request, task)?;
            Ok(found.map(|statistics| FoundTask { statistics, revision: request.revision }))
        };
        let unknown = || RegistryError::UnknownTask { annotation_request_id: id.clone(), task };
        self.find_within(id, scope, find).await?.ok_or_else(unknown)
    }

    async fn find_named(
        &self,
        id: &AnnotationRequestId,
        name: &SourceName,
        most: u32,
        scope: &CampaignScope,
    ) -> Result<NamedTasks, RegistryError> {
        let (name, max_bytes) = (name.clone(), self.max_page_bytes);
        let find = move |connection: &mut PgConnection, request: &AnnotationRequest| {
            let found = find_named_tasks(connection, request, &name, most, max_bytes)?;
            Ok(found.map(|(count, tasks)| NamedTasks { count, tasks, revision: request.revision }))
        };
        self.find_within(id, scope, find).await?.map_err(|largest| RegistryError::TooLarge { largest })
    }

    async fn delete(
        &self,
        id: &AnnotationRequestId,
        scope: &CampaignScope,
        precondition: Precondition,
    ) -> Result<DeletedRequest, RegistryError> {
        let (id, scope) = (id.clone(), scope.clone());
        self.change(move |connection| {
            let request = lock(connection, &id, &scope, &precondition)?;
            let deleted = deletion::delete(connection, &id)?;
            let mark = ChangeMark::Deleted(request.id, deleted.revision);
            Ok((deleted, mark))
        })
        .await
    }

    async fn delete_task(
        &self,
        id: &AnnotationRequestId,
        task: TaskId,
        scope: &CampaignScope,
        precondition: Precondition,
    ) -> Result<AnnotationRequest, RegistryError> {
        let (annotation_request_id, scope, sharding) = (id.clone(), scope.clone(), self.sharding.clone());
        let rest = self.change(move |connection| {
            let request = lock(connection, &annotation_request_id, &scope, &precondition)?;
            let rest = if sharding.find(connection)? {
                statements::delete_task_on_one_shard(connection, &request, task)?
            } else {
                statements::delete_task(connection, &annotation_request_id, task)?
            };
            let rest = rest.ok_or(NotChanged(RegistryError::UnknownTask { annotation_request_id, task }))?;
            let mark = ChangeMark::of(&rest.request);
            Ok((rest, mark))
        });
        let rest = rest.await?;
        self.packing.begin_if_due(&rest);
        Ok(rest.request)
    }
}

fn register(
    connection: &mut PgConnection,
    new: &NewAnnotationRequest,
    precondition: &Precondition,
) -> Result<AnnotationRequest, NotChanged> {
    let request = statements::create_or_lock(connection, new)?;
    let is_new = request.revision == Revision::from(0);
    if request.campaign_id != new.campaign_id {
        return Err(NotChanged(RegistryError::CampaignConflict {
            annotation_request_id: request.id,
            recorded: request.campaign_id,
            given: new.campaign_id.clone(),
        }));
    }
    check(&new.id, (!is_new).then_some(request.revision), precondition)?;
    match &new.counting_rule {
        rule if is_new => Ok(statements::set_rule(connection, &request, rule.as_ref())?),
        None => Ok(request),
        rule if *rule == request.counting_rule => Ok(request),
        rule if request.counting_rule.is_none() && request.task_count == 0 => {
            Ok(statements::set_rule(connection, &request, rule.as_ref())?)
        }
        Some(given) => Err(NotChanged(RegistryError::from(CountingRuleConflict {
            annotation_request_id: request.id,
            recorded: request.counting_rule,
            given: given.clone(),
        }))),
    }
}

pub(super) fn lock(
    connection: &mut PgConnection,
    id: &AnnotationRequestId,
    scope: &CampaignScope,
    precondition: &Precondition,
) -> Result<AnnotationRequest, NotChanged> {
    let request = in_scope(statements::lock(connection, id)?, id, scope).map_err(NotChanged)?;
    check(id, Some(request.revision), precondition)?;
    Ok(request)
}

fn in_scope(
    found: Option<AnnotationRequest>,
    id: &AnnotationRequestId,
    scope: &CampaignScope,
) -> Result<AnnotationRequest, RegistryError> {
    let visible = found.filter(|request| scope.covers(&request.campaign_id));
    visible.ok_or_else(|| RegistryError::UnknownAnnotationRequest(id.clone()))
}

fn check(id: &AnnotationRequestId, current: Option<Revision>, precondition: &Precondition) -> Result<(), NotChanged> {
    if precondition.holds(current) {
        return Ok(());
    }
    let failed = PreconditionFailed { annotation_request_id: id.clone(), current };
    Err(NotChanged(failed.into()))
}
