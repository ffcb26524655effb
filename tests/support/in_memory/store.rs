//! What is kept in memory.

use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, AnnotationRequestIds, CampaignId, CampaignScope, CountingRuleName,
    ItemKind, ItemKinds, OperationItemKey, Precondition, PreconditionFailed, PublishedKey, RegistryError,
    RepositoryError, Revision, RowFrame, Statement, Statistics, Taxonomy,
};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// All annotation requests with their tasks.
#[derive(Clone, Default)]
pub(super) struct Store {
    pub(super) requests: HashMap<AnnotationRequestId, Request>,
    pub(super) statements: HashMap<AnnotationRequestId, Vec<(Statement, Vec<RowFrame>)>>,
    /// In the order in which they were published.
    pub(super) keys: Vec<PublishedKey>,
    /// Counts all changes of all requests, so that no revision ever comes again.
    pub(super) changes: i64,
}

/// An annotation request with its tasks.
#[derive(Clone, PartialEq)]
pub(super) struct Request {
    pub(super) campaign: CampaignId,
    pub(super) rule: Option<CountingRuleName>,
    pub(super) revision: Revision,
    /// The first revision that it had.
    created: Option<Revision>,
    pub(super) kinds: ItemKinds,
    pub(super) taxonomy: Taxonomy,
    /// Whether it was stated, or filled in.
    pub(super) is_stated: bool,
    pub(super) tasks: Vec<Statistics>,
}

impl Store {
    pub(super) fn next_revision(&mut self) -> Revision {
        self.changes += 1;
        Revision::from(self.changes)
    }

    pub(super) fn seen(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Option<&Request> {
        self.requests.get(id).filter(|request| scope.covers(&request.campaign))
    }

    /// The requests in the requested order.
    pub(super) fn all_seen(
        &self,
        requests: &AnnotationRequestIds,
        scope: &CampaignScope,
    ) -> Result<Vec<&Request>, RepositoryError> {
        let unknown = requests.as_slice().iter().filter(|id| self.seen(id, scope).is_none()).cloned();
        let unknown: Vec<_> = unknown.collect();
        if !unknown.is_empty() {
            return Err(RepositoryError::UnknownAnnotationRequests(unknown));
        }
        Ok(requests.as_slice().iter().filter_map(|id| self.seen(id, scope)).collect())
    }

    /// The request, to be changed under the precondition.
    pub(super) fn changed(
        &mut self,
        id: &AnnotationRequestId,
        scope: &CampaignScope,
        precondition: &Precondition,
    ) -> Result<&mut Request, RegistryError> {
        let unknown = || RegistryError::UnknownAnnotationRequest(id.clone());
        let current = Some(self.seen(id, scope).ok_or_else(unknown)?.revision);
        if precondition.holds(current) {
            self.requests.get_mut(id).ok_or_else(unknown)
        } else {
            Err(PreconditionFailed { annotation_request_id: id.clone(), current }.into())
        }
    }
}

impl Request {
    pub(super) fn new(campaign: CampaignId, rule: Option<CountingRuleName>) -> Self {
        Self {
            campaign,
            rule,
            revision: Revision::from(0),
            created: None,
            kinds: ItemKinds::default(),
            taxonomy: Taxonomy::default(),
            is_stated: false,
            tasks: Vec::new(),
        }
    }

    /// What its items make, as the taxonomy or else tasks state it.
    pub(super) fn kind_of(&self, key: &OperationItemKey) -> Option<ItemKind> {
        let operator = self.taxonomy.operators().iter().find(|operator| operator.key == *key);
        operator.map(|operator| operator.kind.makes()).or_else(|| self.kinds.get(key))
    }

    pub(super) fn revise(&mut self, revision: Revision) {
        self.revision = revision;
        self.created.get_or_insert(revision);
    }

    pub(super) fn annotation_request(&self, id: &AnnotationRequestId) -> AnnotationRequest {
        AnnotationRequest {
            id: id.clone(),
            campaign_id: self.campaign.clone(),
            counting_rule: self.rule.clone(),
            task_count: self.tasks.len().try_into().unwrap(),
            revision: self.revision,
            created_at: time_of(self.created.unwrap_or(self.revision)),
            updated_at: time_of(self.revision),
        }
    }
}

fn time_of(revision: Revision) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(revision.number().unsigned_abs())
}
