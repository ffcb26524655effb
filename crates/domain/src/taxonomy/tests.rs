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

/// Each is refused at this operator for this flaw.
fn assert_refused(cases: impl IntoIterator<Item = (Vec<Operator>, usize, &'static str, &'static str)>) {
    for (operators, place, flaw, reason) in cases {
        assert_eq!(refusal(&operators, None), Some((TaxonomyPlace::Operator(place), flaw.to_owned())), "{reason}");
    }
}

fn color(of: &str) -> Operator {
    labelled("Color", operator(&format!("{of}/color"), Some(of), INPUT))
}

#[test]
fn a_key_or_a_label_of_siblings_that_is_given_twice_is_refused_with_its_place() {
    let (car, bus) = (|| operator("car", None, SLOT), || operator("bus", None, SLOT));
    assert_eq!(refusal(&[], None), None, "nothing was agreed on");
    assert_eq!(refusal(&[car(), color("car"), bus(), color("bus")], None), None, "a label in two parents");
    assert_refused([
        (vec![car(), car()], 1, "the key `car` is given twice", "a key twice"),
        (vec![car(), labelled("the car", bus())], 1, "the label `the car` is given twice", "a label in one parent"),
    ]);
}

#[test]
fn an_operator_where_its_kind_cannot_be_is_refused_with_its_place() {
    let (car, weather) = (|| operator("car", None, SLOT), || operator("weather", None, INPUT));
    let before = "the operator that it belongs to is not before it";
    let (top, slot, input) = (
        "is of kind slotChildren, which cannot be at the top",
        "is of kind slot, which cannot be a child of kind slot",
        "is of kind slotChildren, which cannot be a child of kind input",
    );
    assert_refused([
        (vec![color("car"), car()], 0, before, "a child in front of its parent"),
        (vec![operator("wheel", None, PART)], 0, top, "a part of nothing"),
        (vec![car(), operator("bus", Some("car"), SLOT)], 1, slot, "what is drawn in a slot is a part"),
        (vec![weather(), operator("wheel", Some("weather"), PART)], 1, input, "a part of what is not drawn"),
    ]);
}

#[test]
fn a_whitelist_has_keys_of_operators_once_each() {
    let car = [operator("car", None, SLOT)];
    for (whitelist, place, flaw) in
        [(&["bus"][..], 0, "`bus` is the key of no operator"), (&["car", "car"], 1, "the key `car` is given twice")]
    {
        let expected = Some((TaxonomyPlace::WhitelistKey(place), flaw.to_owned()));
        assert_eq!(refusal(&car, Some(whitelist)), expected, "{whitelist:?}");
    }
    assert_eq!(refusal(&car, Some(&["car"])), None);
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
    assert_eq!(Quantity::new(count(2), count(2)).map(Quantity::min), Ok(count(2)));
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

fn keys_and_labels(operators: &[Operator]) -> Vec<(&str, &str)> {
    operators.iter().map(|operator| (operator.key.as_str(), operator.label.as_str())).collect()
}

#[test]
fn what_is_filled_in_is_added_at_the_end_and_never_changes_what_is_there() {
    let first = Taxonomy::default().filled_with(&[operator("car", None, SLOT), color("car")]).unwrap();
    assert_eq!((first.added, first.left_out, first.taxonomy.whitelist().len()), (2, 0, 0), "none is ordered");
    let found = [
        operator("wheel", None, SLOT),
        labelled("Auto", operator("car", None, INPUT)),
        labelled("the car", operator("/car", None, INPUT)),
        labelled("Color", operator("car/paint", Some("car"), INPUT)),
        color("wheel"),
        operator("seat", Some("wheel/color"), PART),
        operator("seat/color", Some("seat"), INPUT),
    ];
    let second = first.taxonomy.filled_with(&found).unwrap();
    let expected = [
        ("car", "the car"),
        ("car/color", "Color"),
        ("wheel", "the wheel"),
        ("/car", "/car"),
        ("car/paint", "car/paint"),
        ("wheel/color", "Color"),
    ];
    assert_eq!(keys_and_labels(second.taxonomy.operators()), expected, "a label that is taken gives way to the key");
    assert_eq!((second.added, second.left_out), (4, 2), "a part of an input, and what belongs to it");
    let again = second.taxonomy.filled_with(&found).unwrap();
    assert_eq!((again.taxonomy == second.taxonomy, again.added, again.left_out), (true, 0, 2));
}

#[test]
fn no_more_is_filled_in_than_there_may_be() {
    let all: Vec<_> = (0..=Taxonomy::MAX_OPERATORS).map(|number| operator(&number.to_string(), None, SLOT)).collect();
    let full = Taxonomy::default().filled_with(&all[1..]).unwrap();
    assert_eq!(full.added, Taxonomy::MAX_OPERATORS);
    assert_eq!(full.taxonomy.filled_with(&all[1..]).map(|filled| filled.added), Ok(0));
    let error = full.taxonomy.filled_with(&all).unwrap_err();
    assert_eq!(error.flaw, TaxonomyFlaw::TooMany { max: Taxonomy::MAX_OPERATORS });
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
    fn whatever_two_files_list_is_filled_in_as_a_taxonomy_of_which_nothing_is_ordered(
        first in trees(),
        second in trees(),
    ) {
        let filled = Taxonomy::default().filled_with(&first).unwrap();
        prop_assert_eq!(filled.taxonomy.operators(), &first[..], "a tree is filled in as it is");
        let both = filled.taxonomy.filled_with(&second).unwrap();
        prop_assert_eq!(&both.taxonomy.operators()[..first.len()], &first[..]);
        prop_assert_eq!(both.taxonomy.operators().len(), first.len() + both.added);
        prop_assert!(both.taxonomy.whitelist().is_empty());
        prop_assert_eq!(both.taxonomy.filled_with(&second).unwrap().added, 0);
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
