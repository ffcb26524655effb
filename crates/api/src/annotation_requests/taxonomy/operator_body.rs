//! An operator as clients send and see it: with those that belong to it.

#[cfg(feature = "openapi")]
use crate::response::schema::{self, CountNumber};
use annotation_statistics_domain::{
    Count, ItemLabel, MinAboveMax, OperationItemKey, Operator, OperatorKind, OperatorType, Quantity, Taxonomy,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;

// An operation item as it was agreed on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Operator)]
pub(super) struct OperatorBody {
    #[schema(schema_with = schema::item_key)]
    key: OperationItemKey,
    #[schema(schema_with = schema::operator_kind)]
    kind: OperatorKind,
    /// Its name for people; once among the operators with one parent.
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    label: ItemLabel,
    /// Its name in deliveries, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    export_label: Option<ItemLabel>,
    /// How it is drawn or filled in: the platform's name for it.
    #[serde(rename = "type")]
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    operator_type: OperatorType,
    /// Whether annotators must not leave it out. At the top, that is at least one in each task.
    #[serde(default)]
    required: bool,
    /// How many of it a task has at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline, value_type = Option<CountNumber>)]
    min_quantity: Option<Count>,
    /// How many of it a task has at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline, value_type = Option<CountNumber>)]
    max_quantity: Option<Count>,
    /// The operators that belong to it: inputs anywhere, and parts of what is drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    children: Vec<OperatorBody>,
}

/// Operators, each after its parent, and where each of them was.
#[derive(Default)]
pub(super) struct FlatOperators {
    pub(super) operators: Vec<Operator>,
    /// The index of the parent, and that within it.
    places: Vec<(Option<usize>, usize)>,
}

impl FlatOperators {
    /// Takes operators with all that belong to them, up to one more than a taxonomy may have.
    ///
    /// # Errors
    /// The place of an operator, and why its quantity is invalid.
    pub(super) fn of(bodies: Vec<OperatorBody>) -> Result<Self, (String, MinAboveMax)> {
        let mut flat = Self::default();
        flat.add(bodies, None)?;
        Ok(flat)
    }

    fn add(&mut self, bodies: Vec<OperatorBody>, parent: Option<usize>) -> Result<(), (String, MinAboveMax)> {
        let parent_key = parent.and_then(|index| self.operators.get(index)).map(|operator| operator.key.clone());
        for (place, body) in bodies.into_iter().enumerate() {
            let index = self.operators.len();
            if index > Taxonomy::MAX_OPERATORS {
                break;
            }
            self.places.push((parent, place));
            let quantity = Quantity::new(body.min_quantity, body.max_quantity);
            self.operators.push(Operator {
                key: body.key,
                parent: parent_key.clone(),
                kind: body.kind,
                label: body.label,
                export_label: body.export_label,
                operator_type: body.operator_type,
                required: body.required,
                quantity: quantity.map_err(|error| (self.path_to(index), error))?,
            });
            self.add(body.children, Some(index))?;
        }
        Ok(())
    }

    /// The path to an operator in the body, such as `operators[1].children[0]`.
    pub(super) fn path_to(&self, index: usize) -> String {
        let (mut path, mut next) = (String::new(), Some(index));
        while let Some((parent, place)) = next.and_then(|index| self.places.get(index)) {
            let list = if parent.is_some() { ".children" } else { "operators" };
            path = format!("{list}[{place}]{path}");
            next = *parent;
        }
        path
    }
}

/// The operators of a taxonomy at the top, with all that belong to them.
pub(super) fn tree(taxonomy: &Taxonomy) -> Vec<OperatorBody> {
    // From the last one on, so that what belongs to an operator is complete when it is added to its parent.
    let mut waiting: HashMap<Option<&OperationItemKey>, Vec<OperatorBody>> = HashMap::new();
    for operator in taxonomy.operators().iter().rev() {
        let mut children = waiting.remove(&Some(&operator.key)).unwrap_or_default();
        children.reverse();
        waiting.entry(operator.parent.as_ref()).or_default().push(body(operator, children));
    }
    let mut top = waiting.remove(&None).unwrap_or_default();
    top.reverse();
    top
}

fn body(operator: &Operator, children: Vec<OperatorBody>) -> OperatorBody {
    OperatorBody {
        key: operator.key.clone(),
        kind: operator.kind,
        label: operator.label.clone(),
        export_label: operator.export_label.clone(),
        operator_type: operator.operator_type.clone(),
        required: operator.required,
        min_quantity: operator.quantity.min(),
        max_quantity: operator.quantity.max(),
        children,
    }
}
