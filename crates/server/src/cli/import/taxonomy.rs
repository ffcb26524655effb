//! Fills in the taxonomy of a request with what an annotation file lists, once its tasks are recorded.

use super::cancellation::{Cancellation, Cancelled};
use crate::cli::failure::Failure;
use crate::input::InputSource;
use crate::terminal::remark;
use annotation_statistics_domain::{
    AnnotationRequestId, ErrorChain, RegistryError, Taxonomy, TaxonomyFilling, TaxonomyRepository,
};
use annotation_statistics_formats::FoundOperators;

/// Fills it in, unless one was stated. What a taxonomy cannot have is remarked.
pub(super) async fn fill(
    taxonomies: &impl TaxonomyRepository,
    request: &AnnotationRequestId,
    found: &FoundOperators,
    input: &InputSource,
    cancellation: &mut Cancellation,
) -> Result<(), Failure> {
    if found.operators().is_empty() && found.left_out() == 0 {
        return Ok(());
    }
    let name = input.name();
    let filling = cancellation.change_unless_cancelled(taxonomies.fill(request, found.operators().to_vec())).await;
    match filling {
        Ok(Ok(filling)) => {
            remark_left_out(&name, found, filling);
            Ok(())
        }
        Ok(Err(error)) => Err(failure(&name, &error)),
        Err(Cancelled::NothingDone) => Err(Failure::Stopped),
        Err(Cancelled::Unknown) => Err(unknown(&name, "stopped by a signal during COMMIT")),
    }
}

fn remark_left_out(name: &str, found: &FoundOperators, filling: TaxonomyFilling) {
    match filling {
        TaxonomyFilling::Stated => {}
        TaxonomyFilling::TooMany => remark(format!(
            "{name}: the taxonomy is not filled in: with what the file lists it would have more than {} operators",
            Taxonomy::MAX_OPERATORS
        )),
        TaxonomyFilling::Filled { left_out, .. } => {
            let left_out = u64::try_from(left_out).unwrap_or(u64::MAX).saturating_add(found.left_out());
            if left_out > 0 {
                remark(format!(
                    "{name}: the taxonomy is filled in without {left_out} that the file lists: a label has at most 255 bytes, \
                     and is there once"
                ));
            }
        }
    }
}

fn failure(name: &str, error: &RegistryError) -> Failure {
    match error {
        RegistryError::OutcomeUnknown(_) => unknown(name, &ErrorChain(error).to_string()),
        RegistryError::UnknownAnnotationRequest(_)
        | RegistryError::UnknownTask { .. }
        | RegistryError::CampaignConflict { .. }
        | RegistryError::CountingRuleConflict(_)
        | RegistryError::PreconditionFailed(_)
        | RegistryError::HasStatements { .. }
        | RegistryError::TooLarge { .. }
        | RegistryError::Unavailable(_)
        | RegistryError::Corrupt { .. } => Failure::Unavailable(format!(
            "the tasks of {name} are recorded, and what it lists is not: import it again: {}",
            ErrorChain(error)
        )),
    }
}

fn unknown(name: &str, cause: &str) -> Failure {
    Failure::OutcomeUnknown(format!(
        "the tasks of {name} are recorded, and whether what it lists is filled in is unknown: {cause}"
    ))
}
