//! The operators of a task of the platform: what may be drawn and filled in.

use crate::counting::{elements, text_of};
use crate::input::{JsonInput, TextOrValue};
use crate::{FoundOperators, ReadError};
use annotation_statistics_domain::{OperationItemKey, OperatorKind};
use serde_json::Value;

/// The operators of all tasks. A task mostly has those of the one before.
#[derive(Default)]
pub(super) struct Operators {
    pub(super) found: FoundOperators,
    last: Box<str>,
}

impl Operators {
    /// Lists those of a task with all that belong to them.
    pub(super) fn read(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadError> {
        match json.element()? {
            TextOrValue::Text(text) if text == self.last => {}
            TextOrValue::Text(text) => {
                let operators = serde_json::from_str(&text).map_err(|error| json.error(error.to_string()))?;
                self.add_all(&operators);
                self.last = text;
            }
            TextOrValue::Value(operators) => self.add_all(&operators),
        }
        Ok(())
    }

    fn add_all(&mut self, operators: &Value) {
        for operator in elements(Some(operators)) {
            add(operator, None, &mut self.found);
        }
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
