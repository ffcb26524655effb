//! The operators that a file lists.

use crate::counting::item_key::{attribute_key, instance_key, key_of};
use crate::input::non_number;
use annotation_statistics_domain::{
    ItemLabel, OperationItemKey, Operator, OperatorKind, OperatorType, Quantity, Taxonomy,
};
use serde_json::Value;
use std::collections::HashSet;

/// The type of an operator of which a file does not say how it is drawn or filled in. CVAT calls it so, too.
const ANY_TYPE: &str = "any";

/// What a file lists of what may be drawn and filled in, whether its tasks have any of it or not: its categories or labels,
/// with their attributes.
///
/// Each has the key under which it is counted, and its name in the file as its label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundOperators {
    operators: Vec<Operator>,
    keys: HashSet<OperationItemKey>,
    left_out: u64,
}

impl FoundOperators {
    /// The operators, each after its parent, in the order of the file, up to one more than a [`Taxonomy`] may have.
    pub fn operators(&self) -> &[Operator] {
        &self.operators
    }

    /// How many have a name that is too long for a label, or belong to one that has.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Something that is drawn; without a name it is none.
    pub(crate) fn add_slot(&mut self, name: &str, operator_type: &str) {
        if !name.is_empty() {
            self.add(instance_key(name), None, OperatorKind::Slot, name, operator_type);
        }
    }

    /// Something that is said of a whole task; without a name it is none.
    pub(crate) fn add_tag(&mut self, name: &str, operator_type: &str) {
        if !name.is_empty() {
            self.add(attribute_key("", name), None, OperatorKind::Input, name, operator_type);
        }
    }

    /// An attribute of something that was added by this name before; without a name it is none.
    pub(crate) fn add_attribute(&mut self, of: &str, name: &str, operator_type: &str) {
        if name.is_empty() || of.is_empty() {
            return;
        }
        let parents = [instance_key(of), attribute_key("", of)];
        let parent = parents.into_iter().flatten().find(|parent| self.keys.contains(parent));
        match parent {
            Some(parent) => {
                self.add(attribute_key(of, name), Some(parent), OperatorKind::Input, name, operator_type);
            }
            None if self.is_full() => {}
            None => self.left_out += 1,
        }
    }

    /// One whose key is the file's own, below one that was added before. Returns its key, unless it is left out.
    pub(crate) fn add_own(
        &mut self,
        key: &str,
        parent: Option<&OperationItemKey>,
        kind: OperatorKind,
        label: &str,
        operator_type: &str,
    ) -> Option<OperationItemKey> {
        self.add(key_of(key), parent.cloned(), kind, label, operator_type);
        OperationItemKey::new(key).ok().filter(|key| self.keys.contains(key))
    }

    fn add(
        &mut self,
        key: Result<OperationItemKey, String>,
        parent: Option<OperationItemKey>,
        kind: OperatorKind,
        name: &str,
        operator_type: &str,
    ) {
        if self.is_full() {
            return;
        }
        let any = OperatorType::new(operator_type).or_else(|_| OperatorType::new(ANY_TYPE));
        let (Ok(key), Ok(label), Ok(operator_type)) = (key, ItemLabel::new(name), any) else {
            self.left_out += 1;
            return;
        };
        if self.keys.insert(key.clone()) {
            let (export_label, required, quantity) = (None, false, Quantity::default());
            self.operators.push(Operator { key, parent, kind, label, export_label, operator_type, required, quantity });
        }
    }

    /// Whether no taxonomy can have all of them: then the others need not be known.
    fn is_full(&self) -> bool {
        self.operators.len() > Taxonomy::MAX_OPERATORS
    }
}

/// The elements of a list; any other value has none.
pub(crate) fn elements(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

/// The texts of a list.
pub(crate) fn texts_of(list: &Value) -> impl Iterator<Item = &str> {
    elements(Some(list)).filter_map(text_of)
}

/// A text, which is no `NaN`.
pub(crate) fn text_of(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| non_number(text).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(found: &FoundOperators) -> Vec<&str> {
        found.operators().iter().map(|operator| operator.key.as_str()).collect()
    }

    #[test]
    fn what_is_listed_has_the_keys_of_what_is_counted_and_is_there_once() {
        let mut found = FoundOperators::default();
        found.add_slot("a/b", "polygon");
        found.add_slot("a/b", "");
        found.add_attribute("a/b", "c/d", &"x".repeat(65));
        found.add_tag("night", "tag");
        found.add_attribute("night", "dark", "checkbox");
        found.add_slot("", "");
        found.add_attribute("a/b", "", "");
        assert_eq!(keys(&found), ["a~1b", "a~1b/c~1d", "/night", "night/dark"]);
        let types: Vec<_> = found.operators().iter().map(|operator| operator.operator_type.as_str()).collect();
        assert_eq!(types, ["polygon", "any", "tag", "checkbox"]);
        let parent = |operator: &Operator| operator.parent.as_ref().map(|parent| parent.as_str().to_owned());
        let parents: Vec<_> = found.operators().iter().map(|operator| parent(operator).unwrap_or_default()).collect();
        assert_eq!(parents, ["", "a~1b", "", "/night"]);
        assert_eq!(found.left_out(), 0);
    }

    #[test]
    fn what_has_no_label_is_left_out_and_no_more_is_kept_than_shows_that_there_are_too_many() {
        let mut found = FoundOperators::default();
        let long = "x".repeat(256);
        found.add_slot(&long, "");
        found.add_attribute(&long, "color", "");
        assert_eq!((keys(&found).len(), found.left_out()), (0, 2));
        for number in 0..2_000 {
            found.add_slot(&number.to_string(), "");
            found.add_attribute(&number.to_string(), "color", "");
        }
        assert_eq!((keys(&found).len(), found.left_out()), (Taxonomy::MAX_OPERATORS + 1, 2));
    }
}
