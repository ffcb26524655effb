//! The taxonomies in memory.

use super::statistics::InMemoryStatistics;
use super::store::Request;
use super::summary::items_of;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, Conformance, FilledTaxonomy, ItemConformance, KeptTaxonomy, OperationItemKey,
    Operator, Precondition, RegistryError, Taxonomy, TaxonomyFilling, TaxonomyRepository, TaxonomySource, UnknownItem,
};
use async_trait::async_trait;

#[async_trait]
impl TaxonomyRepository for InMemoryStatistics {
    async fn replace(
        &self,
        id: &AnnotationRequestId,
        taxonomy: Taxonomy,
        scope: &CampaignScope,
        precondition: Precondition,
    ) -> Result<KeptTaxonomy, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let mut store = self.store.lock().unwrap();
        let revision = store.next_revision();
        let request = store.changed(id, scope, &precondition)?;
        let is_stated = !taxonomy.is_empty();
        if (&request.taxonomy, request.is_stated) != (&taxonomy, is_stated) {
            (request.taxonomy, request.is_stated) = (taxonomy, is_stated);
            request.revise(revision);
        }
        Ok(kept(request))
    }

    async fn fill(&self, id: &AnnotationRequestId, found: Vec<Operator>) -> Result<TaxonomyFilling, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let mut store = self.store.lock().unwrap();
        let revision = store.next_revision();
        let request = store.changed(id, &CampaignScope::All, &Precondition::None)?;
        if request.is_stated {
            return Ok(TaxonomyFilling::Stated);
        }
        let Ok(FilledTaxonomy { taxonomy, added, left_out }) = request.taxonomy.filled_with(&found) else {
            return Ok(TaxonomyFilling::TooMany);
        };
        if added > 0 {
            request.taxonomy = taxonomy;
            request.revise(revision);
        }
        Ok(TaxonomyFilling::Filled { added, left_out })
    }

    async fn find(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Result<KeptTaxonomy, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let seen = store.seen(id, scope);
        seen.map(kept).ok_or_else(|| RegistryError::UnknownAnnotationRequest(id.clone()))
    }

    async fn find_conformance(
        &self,
        id: &AnnotationRequestId,
        scope: &CampaignScope,
    ) -> Result<Conformance, RegistryError> {
        self.reach().map_err(RegistryError::Unavailable)?;
        let store = self.store.lock().unwrap();
        let request = store.seen(id, scope).ok_or_else(|| RegistryError::UnknownAnnotationRequest(id.clone()))?;
        let operators = request.taxonomy.operators();
        let items = operators.iter().map(|operator| {
            let counts = request.tasks.iter().map(|task| task.instance_info().count_of(&operator.key));
            let mut item = ItemConformance { operator: operator.clone(), tasks: 0, below_min: 0, above_max: 0 };
            for count in counts {
                item.tasks += u64::from(count.get() > 0);
                item.below_min += u64::from(count.get() < operator.least_in_task());
                item.above_max += u64::from(operator.quantity.max().is_some_and(|max| count > max));
            }
            item
        });
        let counted = items_of(&request.tasks).into_iter();
        let is_unknown = |key: &OperationItemKey| operators.iter().all(|operator| operator.key != *key);
        let mut unknown: Vec<_> = counted.filter(|item| is_unknown(&item.key)).collect();
        let has_more_unknown = unknown.len() > Conformance::MAX_UNKNOWN;
        unknown.truncate(Conformance::MAX_UNKNOWN);
        Ok(Conformance {
            revision: request.revision,
            tasks: request.tasks.len().try_into().unwrap(),
            items: items.collect(),
            unknown: unknown.into_iter().map(|item| UnknownItem { key: item.key, tasks: item.tasks }).collect(),
            has_more_unknown,
        })
    }
}

fn kept(request: &Request) -> KeptTaxonomy {
    let source = if request.is_stated { TaxonomySource::Stated } else { TaxonomySource::Import };
    KeptTaxonomy {
        taxonomy: request.taxonomy.clone(),
        source: (!request.taxonomy.is_empty()).then_some(source),
        revision: request.revision,
    }
}
