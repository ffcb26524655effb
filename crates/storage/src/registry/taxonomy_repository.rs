//! The taxonomy port on Postgres.

use crate::Database;
use crate::registry::annotation_request_registry::{PostgresAnnotationRequestRegistry, lock};
use crate::registry::change_mark::ChangeMark;
use crate::registry::{conformance_rows, statements, taxonomy_rows};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, Conformance, KeptTaxonomy, Precondition, RegistryError, Taxonomy,
    TaxonomyRepository,
};
use async_trait::async_trait;

/// Keeps taxonomies in Postgres, each with its request: what changes one changes the other's revision (ADR 94).
#[derive(Clone)]
pub struct PostgresTaxonomyRepository {
    requests: PostgresAnnotationRequestRegistry,
    compared: PostgresAnnotationRequestRegistry,
}

impl PostgresTaxonomyRepository {
    /// Keeps them in one database, the primary, and compares tasks with them in another, whose statements may take long.
    pub fn new(kept: Database, compared: Database) -> Self {
        let [requests, compared] = [kept, compared].map(PostgresAnnotationRequestRegistry::new);
        Self { requests, compared }
    }
}

#[async_trait]
impl TaxonomyRepository for PostgresTaxonomyRepository {
    async fn replace(
        &self,
        id: &AnnotationRequestId,
        taxonomy: Taxonomy,
        scope: &CampaignScope,
        precondition: Precondition,
    ) -> Result<KeptTaxonomy, RegistryError> {
        let (id, scope) = (id.clone(), scope.clone());
        let kept = self.requests.change(move |connection| {
            let mut request = lock(connection, &id, &scope, &precondition)?;
            if taxonomy_rows::load(connection, &id)? != taxonomy {
                taxonomy_rows::delete(connection, &id)?;
                taxonomy_rows::insert(connection, &id, &taxonomy)?;
                // Sums show kinds and labels: what has been read of them is no longer current.
                request = statements::set_rule(connection, &request, request.counting_rule.as_ref())?;
            }
            let mark = ChangeMark::of(&request);
            Ok((KeptTaxonomy { taxonomy, revision: request.revision }, mark))
        });
        kept.await
    }

    async fn find(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Result<KeptTaxonomy, RegistryError> {
        let found = self.requests.find_within(id, scope, |connection, request| {
            let taxonomy = taxonomy_rows::load(connection, &request.id)?;
            Ok(KeptTaxonomy { taxonomy, revision: request.revision })
        });
        found.await
    }

    async fn find_conformance(
        &self,
        id: &AnnotationRequestId,
        scope: &CampaignScope,
    ) -> Result<Conformance, RegistryError> {
        let found = self.compared.find_within(id, scope, |connection, request| {
            let taxonomy = taxonomy_rows::load(connection, &request.id)?;
            conformance_rows::load(connection, request, &taxonomy)
        });
        found.await
    }
}
