//! The operators of a task of the platform: what may be drawn and filled in.

use crate::FoundOperators;
use crate::counting::{elements, text_of};
use annotation_statistics_domain::{OperationItemKey, OperatorKind};
use serde_json::Value;

/// Lists operators with all that belong to them.
pub(super) fn add_operators(operators: &Value, found: &mut FoundOperators) {
    for operator in elements(Some(operators)) {
        add(operator, None, found);
    }
}

fn add(operator: &Value, parent: Option<&OperationItemKey>, found: &mut FoundOperators) {
    let text = |member| operator.get(member).and_then(text_of);
    let Some(key) = text("key") else { return };
    let (kind, about) = match text("type") {
        Some("input") => (OperatorKind::Input, operator.get("inputSpecification")),
        Some("slot" | "slotChildren") if parent.is_none() => (OperatorKind::Slot, operator.get("slotSpecification")),
        Some("slot" | "slotChildren") => (OperatorKind::SlotChildren, operator.get("slotSpecification")),
        Some(_) | None => return,
    };
    let label = text("label").filter(|label| !label.is_empty()).unwrap_or(key);
    let operator_type = about.and_then(|about| about.get("type")).and_then(text_of).unwrap_or_default();
    let Some(key) = found.add_own(key, parent, kind, label, operator_type) else { return };
    let options = elements(about.and_then(|about| about.get("items")));
    for holder in std::iter::once(operator).chain(options) {
        for child in elements(holder.get("children")) {
            add(child, Some(&key), found);
        }
    }
}
