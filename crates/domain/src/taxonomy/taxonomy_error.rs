//! Why operators and a whitelist are no taxonomy.

use crate::{ItemLabel, OperationItemKey, OperatorKind};

/// What is invalid, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{flaw}")]
pub struct TaxonomyError {
    /// Where.
    pub place: TaxonomyPlace,
    /// What.
    pub flaw: TaxonomyFlaw,
}

/// A place in what a taxonomy is made of; each number is an index from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaxonomyPlace {
    /// An operator.
    Operator(usize),
    /// A key of the whitelist.
    WhitelistKey(usize),
}

/// What is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaxonomyFlaw {
    /// There are too many operators.
    #[error("at most {max} operators are allowed")]
    TooMany {
        /// The most.
        max: usize,
    },
    /// It is too far below the top.
    #[error("at most {max} levels are allowed")]
    TooDeep {
        /// The most levels.
        max: usize,
    },
    /// The operator that it belongs to is none that comes before it.
    #[error("the operator that it belongs to is not before it")]
    ParentNotBefore,
    /// An operator of this kind cannot be there.
    #[error("{}", of_parent(*kind, *parent))]
    KindOfParent {
        /// What it is.
        kind: OperatorKind,
        /// What it belongs to; `None` at the top.
        parent: Option<OperatorKind>,
    },
    /// The key is there before.
    #[error("the key `{0}` is given twice")]
    DuplicateKey(OperationItemKey),
    /// The label is there before, of an operator with the same parent.
    #[error("the label `{0}` is given twice")]
    DuplicateLabel(ItemLabel),
    /// The key of the whitelist is of no operator.
    #[error("`{0}` is the key of no operator")]
    NoSuchOperator(OperationItemKey),
}

impl TaxonomyFlaw {
    pub(super) fn at(self, place: TaxonomyPlace) -> TaxonomyError {
        TaxonomyError { place, flaw: self }
    }
}

fn of_parent(kind: OperatorKind, parent: Option<OperatorKind>) -> String {
    parent.map_or_else(
        || format!("is of kind {kind}, which cannot be at the top"),
        |parent| format!("is of kind {kind}, which cannot be a child of kind {parent}"),
    )
}
