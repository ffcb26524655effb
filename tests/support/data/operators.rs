//! Operators and taxonomies of the tests.

use annotation_statistics_domain::{
    Count, ItemLabel, OperationItemKey, Operator, OperatorKind, OperatorType, Quantity, Taxonomy,
};

/// An operator of this key, below the one of the key in front of its last slash, if there is a slash: an input then, and a
/// slot otherwise. Its label is the key in capital letters.
pub fn operator(name: &str) -> Operator {
    let key = |name: &str| OperationItemKey::new(name).unwrap();
    let parent = name.rsplit_once('/').map(|(parent, _)| parent);
    Operator {
        key: key(name),
        parent: parent.map(key),
        kind: if parent.is_some() { OperatorKind::Input } else { OperatorKind::Slot },
        label: ItemLabel::new(name.to_uppercase()).unwrap(),
        export_label: None,
        operator_type: OperatorType::new("rectangle").unwrap(),
        required: false,
        quantity: Quantity::default(),
    }
}

/// The same, of which a task has at least and at most so many.
pub fn limited(name: &str, min: Option<u32>, max: Option<u32>) -> Operator {
    Operator { quantity: Quantity::new(min.map(Count::from), max.map(Count::from)).unwrap(), ..operator(name) }
}

/// A taxonomy of these operators, all of them ordered.
pub fn taxonomy(operators: impl IntoIterator<Item = Operator>) -> Taxonomy {
    Taxonomy::new(operators.into_iter().collect(), None).unwrap()
}
