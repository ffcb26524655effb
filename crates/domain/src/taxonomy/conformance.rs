//! How the tasks of a request conform to its taxonomy.

use crate::{OperationItemKey, Operator, Revision};

/// How the tasks of a request conform to its taxonomy: a report, which refuses nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conformance {
    /// The state that it is of.
    pub revision: Revision,
    /// How many tasks the request has.
    pub tasks: u64,
    /// By operator, in the order of the taxonomy.
    pub items: Vec<ItemConformance>,
    /// The first operation items that tasks have and the taxonomy does not, in the byte order of their keys.
    pub unknown: Vec<UnknownItem>,
    /// Whether there are more of them.
    pub has_more_unknown: bool,
}

impl Conformance {
    /// The most unknown operation items that are reported.
    pub const MAX_UNKNOWN: usize = 1_000;
}

/// How tasks conform to one operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemConformance {
    /// The operator.
    pub operator: Operator,
    /// How many tasks have any.
    pub tasks: u64,
    /// How many tasks have fewer than the least, of which are also those that have none.
    pub below_min: u64,
    /// How many tasks have more than the most.
    pub above_max: u64,
}

impl ItemConformance {
    /// Whether no task has any.
    pub fn is_never_used(&self) -> bool {
        self.tasks == 0
    }
}

/// An operation item that tasks have and the taxonomy does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownItem {
    /// Its key.
    pub key: OperationItemKey,
    /// How many tasks have any.
    pub tasks: u64,
}
