//! An operator: an operation item as it was agreed on.

use crate::bounded_text::bounded_text;
use crate::{ItemKind, OperationItemKey, Quantity};
use std::fmt;

bounded_text! {
    /// The name of an operation item for people, such as `Traffic light`. Free text of 1 to 255 bytes.
    ItemLabel, 255
}

bounded_text! {
    /// How an operation item is drawn or filled in, such as `rectangle` or `select`: the platform's name for it, of 1 to
    /// 64 bytes.
    OperatorType, 64
}

/// What an operator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum OperatorKind {
    /// Something that is drawn: each is an instance.
    Slot,
    /// Something that is filled in: each is an attribute.
    Input,
    /// Something that is drawn as a part of a slot: each is an instance, too.
    SlotChildren,
}

impl OperatorKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Slot, Self::Input, Self::SlotChildren];

    /// The name in the public API: `slot`, `input` or `slotChildren`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Slot => "slot",
            Self::Input => "input",
            Self::SlotChildren => "slotChildren",
        }
    }

    /// What it is counted as.
    pub fn makes(self) -> ItemKind {
        match self {
            Self::Slot | Self::SlotChildren => ItemKind::Slot,
            Self::Input => ItemKind::Input,
        }
    }

    /// Whether an operator with this parent may be one: slots are at the top, parts only in what is drawn, and inputs
    /// anywhere.
    pub fn may_be_in(self, parent: Option<Self>) -> bool {
        match self {
            Self::Slot => parent.is_none(),
            Self::SlotChildren => matches!(parent, Some(Self::Slot | Self::SlotChildren)),
            Self::Input => true,
        }
    }
}

impl fmt::Display for OperatorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// An operation item as it was agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Its key, as in the counts of tasks.
    pub key: OperationItemKey,
    /// The key of the operator that it belongs to; `None` at the top.
    pub parent: Option<OperationItemKey>,
    /// What it is.
    pub kind: OperatorKind,
    /// Its name for people.
    pub label: ItemLabel,
    /// Its name in deliveries, where that is another one.
    pub export_label: Option<ItemLabel>,
    /// How it is drawn or filled in.
    pub operator_type: OperatorType,
    /// Whether annotators must not leave it out.
    pub required: bool,
    /// How many of it a task has.
    pub quantity: Quantity,
}

impl Operator {
    /// How many of it a task has at least: an operator at the top that is required is there once.
    pub fn least_in_task(&self) -> i64 {
        let required = i64::from(self.required && self.parent.is_none());
        self.quantity.min().map_or(0, crate::Count::get).max(required)
    }
}
