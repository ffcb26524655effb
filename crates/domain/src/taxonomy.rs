//! The taxonomy of an annotation request: the operation items that were agreed on.

mod conformance;
mod operator;
mod quantity;
mod source;
mod stated_item;
mod taxonomy_error;

pub use conformance::{Conformance, ItemConformance, UnknownItem};
pub use operator::{ItemLabel, Operator, OperatorKind, OperatorType};
pub use quantity::{MinAboveMax, Quantity};
pub use source::TaxonomySource;
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

/// A taxonomy with what annotation files list besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledTaxonomy {
    /// With all operators that it can have.
    pub taxonomy: Taxonomy,
    /// How many operators of the list are new in it.
    pub added: usize,
    /// How many operators of the list it cannot have.
    pub left_out: usize,
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

    /// With the operators of a list that it does not have, in their order, at its end. None of them is ordered.
    ///
    /// What it has stays as it is, also where the list says otherwise. An operator whose label another one with its parent
    /// has is called by its key. One that even so cannot be there is left out, with all that belong to it.
    ///
    /// # Errors
    /// When there would be more than [`MAX_OPERATORS`](Self::MAX_OPERATORS).
    pub fn filled_with(&self, found: &[Operator]) -> Result<FilledTaxonomy, TaxonomyError> {
        let by_key: Vec<Option<Operator>> = found.iter().map(labelled_by_key).collect();
        let mut known = KnownOperators::default();
        for (index, operator) in self.operators.iter().enumerate() {
            known.add(operator).map_err(|flaw| flaw.at(TaxonomyPlace::Operator(index)))?;
        }
        let (mut added, mut left_out) = (Vec::new(), 0);
        for (operator, by_key) in found.iter().zip(&by_key) {
            if known.has(&operator.key) {
                continue;
            }
            let fitting = match known.add(operator) {
                Err(TaxonomyFlaw::DuplicateLabel(_)) => by_key.as_ref().filter(|by_key| known.add(by_key).is_ok()),
                outcome => outcome.is_ok().then_some(operator),
            };
            match fitting {
                Some(operator) => added.push(operator.clone()),
                None => left_out += 1,
            }
        }
        let (number, operators) = (added.len(), self.operators.iter().cloned().chain(added).collect());
        let taxonomy = Self::new(operators, Some(self.whitelist.iter().cloned().collect()))?;
        Ok(FilledTaxonomy { taxonomy, added: number, left_out })
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
    /// Adds one that may be there, or leaves everything as it was.
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
        if self.has(&operator.key) {
            return Err(TaxonomyFlaw::DuplicateKey(operator.key.clone()));
        }
        if !self.labels.insert((operator.parent.as_ref(), &operator.label)) {
            return Err(TaxonomyFlaw::DuplicateLabel(operator.label.clone()));
        }
        self.by_key.insert(&operator.key, (operator.kind, depth));
        Ok(())
    }

    fn has(&self, key: &OperationItemKey) -> bool {
        self.by_key.contains_key(key)
    }

    /// The whitelist of these keys.
    fn whitelist(&self, keys: Vec<OperationItemKey>) -> Result<BTreeSet<OperationItemKey>, TaxonomyError> {
        let mut whitelist = BTreeSet::new();
        for (index, key) in keys.into_iter().enumerate() {
            let place = TaxonomyPlace::WhitelistKey(index);
            if !self.has(&key) {
                return Err(TaxonomyFlaw::NoSuchOperator(key).at(place));
            }
            if !whitelist.insert(key.clone()) {
                return Err(TaxonomyFlaw::DuplicateKey(key).at(place));
            }
        }
        Ok(whitelist)
    }
}

fn labelled_by_key(operator: &Operator) -> Option<Operator> {
    let label = ItemLabel::new(operator.key.as_str()).ok()?;
    Some(Operator { label, ..operator.clone() })
}

#[cfg(test)]
mod tests;
