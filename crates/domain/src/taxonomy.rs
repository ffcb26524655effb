//! The taxonomy of an annotation request: the operation items that were agreed on.

mod conformance;
mod operator;
mod quantity;
mod stated_item;
mod taxonomy_error;

pub use conformance::{Conformance, ItemConformance, UnknownItem};
pub use operator::{ItemLabel, Operator, OperatorKind, OperatorType};
pub use quantity::{MinAboveMax, Quantity};
pub use stated_item::StatedItem;
pub use taxonomy_error::{TaxonomyError, TaxonomyFlaw, TaxonomyPlace};

use crate::OperationItemKey;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The operation items that two companies agreed on: what may be drawn and filled in, by which names, and how often.
///
/// Each operator has a key of its own, comes after its parent, and is of a kind that its parent may have. Operators with
/// one parent have different labels. The whitelist, in byte order, has only keys of operators.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taxonomy {
    operators: Vec<Operator>,
    whitelist: BTreeSet<OperationItemKey>,
}

impl Taxonomy {
    /// The most operators.
    pub const MAX_OPERATORS: usize = 1_000;
    /// The most levels of operators, one below the other.
    pub const MAX_DEPTH: usize = 8;

    /// Checks and keeps operators, each after its parent, and the keys of those that are ordered. Without a whitelist all
    /// of them are.
    ///
    /// # Errors
    /// [`TaxonomyError`], of the first operator or key that is invalid.
    pub fn new(operators: Vec<Operator>, whitelist: Option<Vec<OperationItemKey>>) -> Result<Self, TaxonomyError> {
        if operators.len() > Self::MAX_OPERATORS {
            let flaw = TaxonomyFlaw::TooMany { max: Self::MAX_OPERATORS };
            return Err(flaw.at(TaxonomyPlace::Operator(Self::MAX_OPERATORS)));
        }
        let mut known = KnownOperators::default();
        for (index, operator) in operators.iter().enumerate() {
            known.add(operator).map_err(|flaw| flaw.at(TaxonomyPlace::Operator(index)))?;
        }
        let whitelist = match whitelist {
            Some(keys) => known.whitelist(keys)?,
            None => operators.iter().map(|operator| operator.key.clone()).collect(),
        };
        Ok(Self { operators, whitelist })
    }

    /// The operators, each after its parent.
    pub fn operators(&self) -> &[Operator] {
        &self.operators
    }

    /// The keys of the operators that are ordered, in their byte order.
    pub fn whitelist(&self) -> &BTreeSet<OperationItemKey> {
        &self.whitelist
    }

    /// Whether nothing was agreed on.
    pub fn is_empty(&self) -> bool {
        self.operators.is_empty()
    }
}

/// The operators that were checked so far.
#[derive(Default)]
struct KnownOperators<'a> {
    /// By key, the kind and the depth.
    by_key: HashMap<&'a OperationItemKey, (OperatorKind, usize)>,
    labels: HashSet<(Option<&'a OperationItemKey>, &'a ItemLabel)>,
}

impl<'a> KnownOperators<'a> {
    fn add(&mut self, operator: &'a Operator) -> Result<(), TaxonomyFlaw> {
        let parent = match &operator.parent {
            Some(key) => Some(*self.by_key.get(key).ok_or(TaxonomyFlaw::ParentNotBefore)?),
            None => None,
        };
        if !operator.kind.may_be_in(parent.map(|(kind, _)| kind)) {
            return Err(TaxonomyFlaw::KindOfParent { kind: operator.kind, parent: parent.map(|(kind, _)| kind) });
        }
        let depth = parent.map_or(1, |(_, depth)| depth + 1);
        if depth > Taxonomy::MAX_DEPTH {
            return Err(TaxonomyFlaw::TooDeep { max: Taxonomy::MAX_DEPTH });
        }
        if self.by_key.insert(&operator.key, (operator.kind, depth)).is_some() {
            return Err(TaxonomyFlaw::DuplicateKey(operator.key.clone()));
        }
        if !self.labels.insert((operator.parent.as_ref(), &operator.label)) {
            return Err(TaxonomyFlaw::DuplicateLabel(operator.label.clone()));
        }
        Ok(())
    }

    fn whitelist(&self, keys: Vec<OperationItemKey>) -> Result<BTreeSet<OperationItemKey>, TaxonomyError> {
        let mut whitelist = BTreeSet::new();
        for (index, key) in keys.into_iter().enumerate() {
            let place = TaxonomyPlace::WhitelistKey(index);
            if !self.by_key.contains_key(&key) {
                return Err(TaxonomyFlaw::NoSuchOperator(key).at(place));
            }
            if !whitelist.insert(key.clone()) {
                return Err(TaxonomyFlaw::DuplicateKey(key).at(place));
            }
        }
        Ok(whitelist)
    }
}

#[cfg(test)]
mod tests;
