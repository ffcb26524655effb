//! The port that keeps the taxonomies of annotation requests.

use crate::{
    AnnotationRequestId, CampaignScope, Conformance, Operator, Precondition, RegistryError, Revision, Taxonomy,
    TaxonomySource,
};
use async_trait::async_trait;

/// Keeps the taxonomy of each annotation request, and compares the tasks with it.
///
/// # Obligations of an implementor
///
/// The contract suite holds every implementation to these, one test each:
///
/// 1. `find` MUST return the taxonomy as the last finished `replace` left it, to the order of its operators, and an empty
///    one where there was none.
/// 2. `replace` by another taxonomy MUST leave nothing of the one before, and give the request a later revision, which
///    every port returns.
/// 3. `replace` by what is there MUST change nothing, not the revision either.
/// 4. Whatever is recorded and deleted of tasks MUST leave the taxonomy as it is.
/// 5. A request that was deleted and is known again MUST have an empty taxonomy.
/// 6. What is not there, or is of a campaign outside the scope, MUST fail with `UnknownAnnotationRequest`.
/// 7. Where a precondition does not hold, `replace` MUST fail with `PreconditionFailed` and leave everything as it was.
/// 8. Taxonomies replaced and read at once MUST each be one that was given, with its revision, and MUST NOT deadlock.
/// 9. `find_conformance` MUST count, for each operator in their order, the tasks that have any, fewer than the least and
///    more than the most, and the tasks of each operation item that no operator is of, in the byte order of the keys.
/// 10. `find_conformance` MUST report at most `Conformance::MAX_UNKNOWN` unknown operation items, and whether there are
///     more.
/// 11. Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
/// 12. `fill` MUST add the operators that the request lacks at the end of what was filled in before, in their order, leave
///     those that it has as they are, and order none.
/// 13. `fill` MUST leave a taxonomy that was stated as it is, and `replace` MUST leave nothing of one that was filled in,
///     not its source either where the operators are the same.
/// 14. `fill` that adds an operator MUST give the request a later revision, and one that adds none MUST change nothing, not
///     the revision either.
/// 15. `fill` beyond the most operators MUST change nothing.
/// 16. Taxonomies filled in and replaced at once MUST NOT lose an operator that was added to what was not stated, or change
///     one that was stated, and MUST NOT deadlock.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait TaxonomyRepository: Send + Sync {
    /// Replaces the whole taxonomy of a request; an empty one removes it.
    ///
    /// # Errors
    /// [`RegistryError`]; never a conflict of campaigns or rules, or an unknown task.
    async fn replace(
        &self,
        id: &AnnotationRequestId,
        taxonomy: Taxonomy,
        scope: &CampaignScope,
        precondition: Precondition,
    ) -> Result<KeptTaxonomy, RegistryError>;

    /// Fills the taxonomy of a request with what an annotation file lists, as [`Taxonomy::filled_with`] does, unless one
    /// was stated.
    ///
    /// # Errors
    /// [`RegistryError`]; never a conflict, a precondition or an unknown task.
    async fn fill(&self, id: &AnnotationRequestId, found: Vec<Operator>) -> Result<TaxonomyFilling, RegistryError>;

    /// The taxonomy of a request.
    ///
    /// # Errors
    /// [`RegistryError`]; never a conflict or an unknown task.
    async fn find(&self, id: &AnnotationRequestId, scope: &CampaignScope) -> Result<KeptTaxonomy, RegistryError>;

    /// How the tasks of a request conform to its taxonomy. Reads all tasks where an operator has a limit.
    ///
    /// # Errors
    /// [`RegistryError`]; never a conflict or an unknown task.
    async fn find_conformance(
        &self,
        id: &AnnotationRequestId,
        scope: &CampaignScope,
    ) -> Result<Conformance, RegistryError>;
}

/// The taxonomy of a request, and the state of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptTaxonomy {
    /// What was agreed on, or what annotation files list.
    pub taxonomy: Taxonomy,
    /// Which of both; `None` where there are no operators.
    pub source: Option<TaxonomySource>,
    /// The state of its request.
    pub revision: Revision,
}

/// The outcome of filling a taxonomy in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaxonomyFilling {
    /// A taxonomy was stated, and stays as it is.
    Stated,
    /// It has what the list has.
    Filled {
        /// How many operators are new.
        added: usize,
        /// How many it cannot have beside the others.
        left_out: usize,
    },
    /// There would be more than [`Taxonomy::MAX_OPERATORS`]: it stays as it is.
    TooMany,
}
