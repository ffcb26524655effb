//! The taxonomy port on Postgres.

use crate::registry::annotation_request_registry::{PostgresAnnotationRequestRegistry, lock};
use crate::registry::change_mark::ChangeMark;
use crate::registry::not_changed::{NotChanged, port_error};
use crate::registry::{conformance_rows, statements, taxonomy_rows};
use crate::{Database, DatabaseError};
use annotation_statistics_domain::{
    AnnotationRequest, AnnotationRequestId, CampaignScope, Conformance, FilledTaxonomy, KeptTaxonomy, Operator,
    Precondition, RegistryError, Taxonomy, TaxonomyFilling, TaxonomyRepository, TaxonomySource,
};
use async_trait::async_trait;
use diesel::pg::PgConnection;

/// Keeps taxonomies in Postgres, each with its request: what changes one changes the other's revision (ADR 94).
#[derive(Clone)]
pub struct PostgresTaxonomyRepository {
    kept: Database,
    requests: PostgresAnnotationRequestRegistry,
    compared: PostgresAnnotationRequestRegistry,
}

impl PostgresTaxonomyRepository {
    /// Keeps them in one database, the primary, and compares tasks with them in another, whose statements may take long.
    pub fn new(kept: Database, compared: Database) -> Self {
        let [requests, compared] = [kept.clone(), compared].map(PostgresAnnotationRequestRegistry::new);
        Self { kept, requests, compared }
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
            let source = (!taxonomy.is_empty()).then_some(TaxonomySource::Stated);
            if taxonomy_rows::load(connection, &id)? != (taxonomy.clone(), source) {
                request = keep(connection, &request, &taxonomy, TaxonomySource::Stated)?;
            }
            let mark = ChangeMark::of(&request);
            Ok((KeptTaxonomy { taxonomy, source, revision: request.revision }, mark))
        });
        kept.await
    }

    async fn fill(&self, id: &AnnotationRequestId, found: Vec<Operator>) -> Result<TaxonomyFilling, RegistryError> {
        let id = id.clone();
        // Without a lock: mostly one is stated, and all that an import costs then is this.
        let read = id.clone();
        let source = self.kept.read(move |connection| taxonomy_rows::find_source(connection, &read)).await;
        if source.map_err(port_error)? == Some(TaxonomySource::Stated) {
            return Ok(TaxonomyFilling::Stated);
        }
        let filled = self.requests.change(move |connection| {
            let request = lock(connection, &id, &CampaignScope::All, &Precondition::None)?;
            let (filling, request) = fill(connection, request, &found)?;
            let mark = ChangeMark::of(&request);
            Ok((filling, mark))
        });
        filled.await
    }

    async fn find(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Result<KeptTaxonomy, RegistryError> {
        let found = self.requests.find_within(id, scope, |connection, request| {
            let (taxonomy, source) = taxonomy_rows::load(connection, &request.id)?;
            Ok(KeptTaxonomy { taxonomy, source, revision: request.revision })
        });
        found.await
    }

    async fn find_conformance(
        &self,
        id: &AnnotationRequestId,
        scope: &CampaignScope,
    ) -> Result<Conformance, RegistryError> {
        let found = self.compared.find_within(id, scope, |connection, request| {
            let (taxonomy, _) = taxonomy_rows::load(connection, &request.id)?;
            conformance_rows::load(connection, request, &taxonomy)
        });
        found.await
    }
}

/// Fills in the taxonomy of a request that is locked; returns the request as it is then.
fn fill(
    connection: &mut PgConnection,
    request: AnnotationRequest,
    found: &[Operator],
) -> Result<(TaxonomyFilling, AnnotationRequest), NotChanged> {
    let (kept, source) = taxonomy_rows::load(connection, &request.id)?;
    if source == Some(TaxonomySource::Stated) {
        return Ok((TaxonomyFilling::Stated, request));
    }
    let Ok(FilledTaxonomy { taxonomy, added, left_out }) = kept.filled_with(found) else {
        return Ok((TaxonomyFilling::TooMany, request));
    };
    let filling = TaxonomyFilling::Filled { added, left_out };
    if added == 0 {
        return Ok((filling, request));
    }
    Ok((filling, keep(connection, &request, &taxonomy, TaxonomySource::Import)?))
}

/// Replaces what is kept; returns the request as it is then.
fn keep(
    connection: &mut PgConnection,
    request: &AnnotationRequest,
    taxonomy: &Taxonomy,
    source: TaxonomySource,
) -> Result<AnnotationRequest, DatabaseError> {
    taxonomy_rows::delete(connection, &request.id)?;
    taxonomy_rows::insert(connection, &request.id, taxonomy, source)?;
    // Sums show kinds and labels: what has been read of them is no longer current.
    statements::set_rule(connection, request, request.counting_rule.as_ref())
}
