//! The registry in memory.

use super::statistics::InMemoryStatistics;
use super::store::Request;
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestRegistry, CampaignScope, CountingRuleConflict,
    DeletedRequest, FoundTask, NamedTasks, NewAnnotationRequest, Precondition, PreconditionFailed, RegistryError,
    SourceName, TaskId,
};
use async_trait::async_trait;

#[async_trait]
impl AnnotationRequestRegistry for InMemoryStatistics {
    async fn register(
        &self,
        new: NewAnnotationRequest,
        precondition: Precondition,
    ) -> Result<AnnotationRequest, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let mut store = self.store.lock().unwrap();
        let known = store.requests.get(&new.id).cloned();
        let current = known.as_ref().map(|request| request.revision);
        let mut request = known.clone().unwrap_or_else(|| Request::new(new.campaign_id.clone(), None));
        if request.campaign != new.campaign_id {
            let (recorded, given) = (request.campaign, new.campaign_id);
            return Err(RegistryError::CampaignConflict { annotation_request_id: new.id, recorded, given });
        }
        if !precondition.holds(current) {
            return Err(PreconditionFailed { annotation_request_id: new.id, current }.into());
        }
        if let Some(given) = new.counting_rule {
            if request.rule.is_none() && request.tasks.is_empty() {
                request.rule = Some(given);
            } else if request.rule.as_ref() != Some(&given) {
                return Err(
                    CountingRuleConflict { annotation_request_id: new.id, recorded: request.rule, given }.into()
                );
            }
        }
        if known.as_ref() != Some(&request) {
            request.revise(store.next_revision());
        }
        let annotation_request = request.annotation_request(&new.id);
        store.requests.insert(new.id, request);
        Ok(annotation_request)
    }

    async fn find(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Result<AnnotationRequest, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let seen = store.seen(id, scope).map(|request| request.annotation_request(id));
        seen.ok_or_else(|| RegistryError::UnknownAnnotationRequest(id.clone()))
    }

    async fn find_task(
        &self,
        id: &AnnotationRequestId,
        task: TaskId,
        scope: &CampaignScope,
    ) -> Result<FoundTask, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let unknown = || RegistryError::UnknownAnnotationRequest(id.clone());
        let request = store.seen(id, scope).ok_or_else(unknown)?;
        let found = request.tasks.iter().find(|row| row.id() == task).cloned();
        let missing = || RegistryError::UnknownTask { annotation_request_id: id.clone(), task };
        found.map(|statistics| FoundTask { statistics, revision: request.revision }).ok_or_else(missing)
    }

    async fn find_named(
        &self,
        id: &AnnotationRequestId,
        name: &SourceName,
        most: u32,
        scope: &CampaignScope,
    ) -> Result<NamedTasks, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let unknown = || RegistryError::UnknownAnnotationRequest(id.clone());
        let request = store.seen(id, scope).ok_or_else(unknown)?;
        let named: Vec<_> = request.tasks.iter().filter(|row| row.source_name() == Some(name)).cloned().collect();
        let tasks = named.iter().take(most.try_into().unwrap()).cloned().collect();
        Ok(NamedTasks { count: named.len().try_into().unwrap(), tasks, revision: request.revision })
    }

    async fn delete(
        &self,
        id: &AnnotationRequestId,
        scope: &CampaignScope,
        precondition: Precondition,
    ) -> Result<DeletedRequest, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let mut store = self.store.lock().unwrap();
        let tasks = store.changed(id, scope, &precondition)?.tasks.len();
        if let Some(statements) = store.statements.get(id) {
            return Err(RegistryError::HasStatements { id: id.clone(), count: statements.len().try_into().unwrap() });
        }
        store.requests.remove(id);
        Ok(DeletedRequest { tasks: tasks.try_into().unwrap(), revision: store.next_revision() })
    }

    async fn delete_task(
        &self,
        id: &AnnotationRequestId,
        task: TaskId,
        scope: &CampaignScope,
        precondition: Precondition,
    ) -> Result<AnnotationRequest, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let mut store = self.store.lock().unwrap();
        let revision = store.next_revision();
        let request = store.changed(id, scope, &precondition)?;
        let Some(position) = request.tasks.iter().position(|row| row.id() == task) else {
            return Err(RegistryError::UnknownTask { annotation_request_id: id.clone(), task });
        };
        request.tasks.remove(position);
        request.revise(revision);
        Ok(request.annotation_request(id))
    }
}
