use super::*;
use crate::Count;
use proptest::prelude::*;

fn key(name: &str) -> OperationItemKey {
    OperationItemKey::new(name).unwrap()
}

fn operator(name: &str, parent: Option<&str>, kind: OperatorKind) -> Operator {
    Operator {
        key: key(name),
        parent: parent.map(key),
        kind,
        label: ItemLabel::new(format!("the {name}")).unwrap(),
        export_label: None,
        operator_type: OperatorType::new("rectangle").unwrap(),
        required: false,
        quantity: Quantity::default(),
    }
}

fn labelled(label: &str, operator: Operator) -> Operator {
    Operator { label: ItemLabel::new(label).unwrap(), ..operator }
}

const SLOT: OperatorKind = OperatorKind::Slot;
const INPUT: OperatorKind = OperatorKind::Input;
const PART: OperatorKind = OperatorKind::SlotChildren;

fn refusal(operators: &[Operator], whitelist: Option<&[&str]>) -> Option<(TaxonomyPlace, String)> {
    let whitelist = whitelist.map(|keys| keys.iter().copied().map(key).collect());
    Taxonomy::new(operators.to_vec(), whitelist).err().map(|error| (error.place, error.to_string()))
}

#[test]
fn what_is_no_taxonomy_is_refused_with_its_place_and_the_reason() {
    use TaxonomyPlace::{Operator as At, WhitelistKey};
    let car = || operator("car", None, SLOT);
    let color = |of| labelled("Color", operator(&format!("{of}/color"), Some(of), INPUT));
    for (operators, whitelist, expected, reason) in [
        (vec![], None, None, "nothing was agreed on"),
        (vec![car(), color("car"), operator("bus", None, SLOT), color("bus")], None, None, "a label in two parents"),
        (vec![car(), car()], None, Some((At(1), "the key `car` is given twice")), "a key twice"),
        (
            vec![car(), labelled("the car", operator("bus", None, SLOT))],
            None,
            Some((At(1), "the label `the car` is given twice")),
            "a label twice in one parent",
        ),
        (
            vec![color("car"), car()],
            None,
            Some((At(0), "the operator that it belongs to is not before it")),
            "a child in front of its parent",
        ),
        (
            vec![car(), operator("bus", Some("car"), SLOT)],
            None,
            Some((At(1), "is of kind slot, which cannot be a child of kind slot")),
            "what is drawn in a slot is a part",
        ),
        (
            vec![operator("wheel", None, PART)],
            None,
            Some((At(0), "is of kind slotChildren, which cannot be at the top")),
            "a part of nothing",
        ),
        (
            vec![operator("weather", None, INPUT), operator("wheel", Some("weather"), PART)],
            None,
            Some((At(1), "is of kind slotChildren, which cannot be a child of kind input")),
            "a part of what is not drawn",
        ),
        (vec![car()], Some(&["bus"][..]), Some((WhitelistKey(0), "`bus` is the key of no operator")), "outside"),
        (
            vec![car()],
            Some(&["car", "car"]),
            Some((WhitelistKey(1), "the key `car` is given twice")),
            "twice in the whitelist",
        ),
    ] {
        let expected = expected.map(|(place, flaw)| (place, flaw.to_owned()));
        assert_eq!(refusal(&operators, whitelist), expected, "{reason}");
    }
}

#[test]
fn the_number_of_operators_and_their_levels_are_limited() {
    let many = |number| (0..number).map(|name: usize| operator(&name.to_string(), None, SLOT)).collect::<Vec<_>>();
    assert_eq!(refusal(&many(1_000), None), None);
    let too_many = (TaxonomyPlace::Operator(1_000), "at most 1000 operators are allowed".to_owned());
    assert_eq!(refusal(&many(1_001), None), Some(too_many));
    let levels = |number: usize| {
        let parent = |level: usize| level.checked_sub(1).map(|above| above.to_string());
        (0..number).map(|level| operator(&level.to_string(), parent(level).as_deref(), INPUT)).collect::<Vec<_>>()
    };
    assert_eq!(refusal(&levels(8), None), None);
    let too_deep = (TaxonomyPlace::Operator(8), "at most 8 levels are allowed".to_owned());
    assert_eq!(refusal(&levels(9), None), Some(too_deep));
}

#[test]
fn the_least_is_never_more_than_the_most_and_what_is_required_at_the_top_is_there_once() {
    let count = |number: u32| Some(Count::from(number));
    assert_eq!(Quantity::new(count(2), count(2)).map(|quantity| quantity.min()), Ok(count(2)));
    let refused = Quantity::new(count(3), count(2)).unwrap_err().to_string();
    assert_eq!(refused, "minQuantity is 3, more than maxQuantity, which is 2");
    for (parent, required, min, expected) in [
        (None, false, None, 0),
        (None, true, None, 1),
        (None, true, count(3), 3),
        (Some("car"), true, None, 0),
        (Some("car"), false, count(2), 2),
    ] {
        let quantity = Quantity::new(min, None).unwrap();
        let operator = Operator { required, quantity, ..operator("a", parent, INPUT) };
        assert_eq!(operator.least_in_task(), expected, "{parent:?}, {required}, {min:?}");
    }
}

/// Operators that each belong to one before it, or to none, in the only kind that may be there, and an index of one.
fn trees() -> impl Strategy<Value = Vec<Operator>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), any::<bool>()), 1..40).prop_map(|choices| {
        let mut operators: Vec<(Operator, usize)> = Vec::new();
        for (number, (index, is_child, is_input)) in choices.into_iter().enumerate() {
            let parent = (is_child && !operators.is_empty()).then(|| &operators[index.index(operators.len())]);
            let parent = parent.filter(|(_, depth)| *depth < Taxonomy::MAX_DEPTH);
            let kind = match parent {
                _ if is_input => INPUT,
                None => SLOT,
                Some((parent, _)) if parent.kind == INPUT => INPUT,
                Some(_) => PART,
            };
            let depth = parent.map_or(1, |(_, depth)| depth + 1);
            let parent = parent.map(|(parent, _)| parent.key.as_str().to_owned());
            operators.push((operator(&number.to_string(), parent.as_deref(), kind), depth));
        }
        operators.into_iter().map(|(operator, _)| operator).collect()
    })
}

proptest! {
    #[test]
    fn a_tree_of_different_operators_is_a_taxonomy_and_all_of_it_is_ordered(operators in trees()) {
        let taxonomy = Taxonomy::new(operators.clone(), None).unwrap();
        prop_assert_eq!(taxonomy.operators(), &operators[..]);
        prop_assert_eq!(taxonomy.whitelist().len(), operators.len());
        let ordered: Vec<OperationItemKey> = taxonomy.whitelist().iter().cloned().collect();
        prop_assert_eq!(Taxonomy::new(operators, Some(ordered)), Ok(taxonomy));
    }

    #[test]
    fn whatever_is_given_twice_or_outside_is_refused(
        operators in trees(),
        one in any::<prop::sample::Index>(),
        outside in "[a-z]{1,8}",
    ) {
        let twice = [operators.clone(), vec![one.get(&operators).clone()]].concat();
        let error = Taxonomy::new(twice, None).unwrap_err();
        prop_assert_eq!(error.place, TaxonomyPlace::Operator(operators.len()));
        let sibling = Operator { key: key("sibling"), ..one.get(&operators).clone() };
        prop_assert!(Taxonomy::new([operators.clone(), vec![sibling]].concat(), None).is_err(), "a label twice");
        let error = Taxonomy::new(operators, Some(vec![key(&outside)])).unwrap_err();
        prop_assert_eq!(error.flaw, TaxonomyFlaw::NoSuchOperator(key(&outside)));
    }
}
