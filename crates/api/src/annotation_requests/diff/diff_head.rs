//! What the head of a response says of two states that are compared.

use crate::annotation_requests::diff::params::DiffParams;
use crate::annotation_requests::diff::sides::{Sides, StatedSide};
use crate::export::ExportHead;
use crate::response::{EntityTag, counting_rules};
use actix_web::http::header::HeaderValue;
use annotation_statistics_domain::{CountingRuleName, RequestTotals, Revision};
use std::fmt::Write;

/// Of both states.
#[derive(Debug, Clone)]
pub(super) struct DiffHead {
    counting_rules: [Option<CountingRuleName>; 2],
    /// Of the later state.
    pub(super) revision: Revision,
}

impl DiffHead {
    pub(super) fn of_statements(from: &StatedSide, to: &StatedSide) -> Self {
        Self { counting_rules: [from.counting_rule.clone(), to.counting_rule.clone()], revision: to.revision }
    }

    pub(super) fn of_now(from: &StatedSide, now: &RequestTotals) -> Self {
        Self { counting_rules: [from.counting_rule.clone(), now.counting_rule.clone()], revision: now.revision }
    }

    pub(super) fn counting_rule(&self) -> HeaderValue {
        counting_rules(&self.counting_rules)
    }
}

impl From<&DiffHead> for ExportHead {
    fn from(head: &DiffHead) -> Self {
        Self::of_states(head.counting_rule(), head.revision)
    }
}

/// The tag of a comparison of two statements; one with now has none, as it changes with each task.
pub(super) fn tag(sides: &Sides, params: &DiffParams) -> Option<EntityTag> {
    let to = sides.to.as_ref()?;
    let mut identity = format!("{} {} {} {:?}", sides.from.sha256, to.sha256, params.limit, params.form);
    // Writing to a string cannot fail.
    let _ = params.after.map_or(Ok(()), |after| write!(identity, " {after}"));
    Some(EntityTag::of_diff(&identity, to.revision))
}
