use super::*;
use crate::{AnnotationRequestId, CampaignId, ItemLabel, OperationItemKey, Revision, StatedItem};

fn totals(tasks: u64, instances: u128, attributes: u128, frames: u128) -> Totals {
    Totals { tasks, instances, attributes, frames }
}

fn request(id: &str, task_count: u64, groups: &[(i16, i32, Totals)]) -> RequestTotals {
    let group = |(pool, status, totals): &(i16, i32, Totals)| {
        (PoolType::try_from(*pool).unwrap(), TaskStatus::from(*status), *totals)
    };
    RequestTotals {
        id: AnnotationRequestId::new(id).unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: None,
        revision: Revision::from(1),
        task_count,
        groups: groups.iter().map(group).collect(),
    }
}

fn item(key: &str, count: u128, tasks_of_slots: u64, tasks_of_inputs: u64) -> ItemSums {
    let key = OperationItemKey::new(key).unwrap();
    ItemSums { key, count, tasks: 9, tasks_of_slots, tasks_of_inputs, stated_kind: None }
}

#[test]
fn requests_are_added_up_by_pool_by_status_and_in_all() {
    let summary = Summary::new(
        vec![
            request("b", 5, &[(5, 11, totals(3, 30, 10, 3)), (1, 2, totals(2, 1, 0, 2))]),
            request("empty", 0, &[]),
            request("a", 1, &[(5, 7, totals(1, u128::from(u64::MAX), 0, 40))]),
        ],
        vec![item("car", u128::from(u64::MAX) + 31, 0, 0), item("color", 10, 0, 0)],
    )
    .unwrap();
    assert_eq!(summary.totals(), totals(6, u128::from(u64::MAX) + 31, 10, 45));
    let pools: Vec<_> = summary.pools().iter().map(|(pool, totals)| (pool.number(), totals.tasks)).collect();
    assert_eq!(pools, [(1, 2), (5, 4)]);
    let statuses: Vec<_> = summary.statuses().iter().map(|(status, totals)| (status.code(), totals.frames)).collect();
    assert_eq!(statuses, [(2, 2), (7, 40), (11, 3)]);
    let requests: Vec<_> =
        summary.requests().iter().map(|(request, totals)| (request.id.as_str(), totals.tasks)).collect();
    assert_eq!(requests, [("b", 5), ("empty", 0), ("a", 1)]);
}

#[test]
fn sums_that_cannot_all_be_right_are_refused() {
    let one = || vec![request("a", 1, &[(5, 11, totals(1, 2, 3, 1))])];
    for (requests, items, expected, reason) in [
        (
            one(),
            vec![item("car", 4, 0, 0)],
            "the operation items add up to 4, instances and attributes to 5",
            "one less",
        ),
        (one(), vec![], "the operation items add up to 0, instances and attributes to 5", "no items"),
        (
            vec![request("a", 2, &[(5, 11, totals(1, 0, 0, 1))])],
            vec![],
            "the sums of `a` are of 1 tasks, it has 2",
            "a task without sums",
        ),
        (
            vec![request("a", 2, &[(5, 11, totals(1, u128::MAX, 0, 1)), (5, 2, totals(1, 1, 0, 1))])],
            vec![],
            "a sum is too large",
            "an overflow",
        ),
    ] {
        assert_eq!(Summary::new(requests, items).unwrap_err().to_string(), expected, "{reason}");
    }
}

#[test]
fn the_kind_of_an_item_is_derived_where_the_sums_show_it() {
    let (slot, input) = (Some(ItemKind::Slot), Some(ItemKind::Input));
    for (items, expected, reason) in [
        (vec![item("a", 3, 0, 0), item("b", 7, 0, 0)], [None, None], "every task has both"),
        (vec![item("a", 4, 1, 0), item("b", 6, 0, 0)], [slot, input], "a makes all 4 instances, so b is an input"),
        (vec![item("a", 4, 0, 0), item("b", 6, 0, 2)], [slot, input], "b makes all 6 attributes, so a is a slot"),
        (vec![item("a", 1, 1, 0), item("b", 9, 0, 0)], [slot, None], "b may be both"),
        (vec![item("a", 4, 1, 0), item("b", 6, 1, 1)], [slot, None], "b is both"),
        (vec![item("a", 3, 1, 0), item("b", 7, 0, 1)], [slot, input], "each by its own tasks"),
    ] {
        let summary = Summary::new(vec![request("a", 1, &[(5, 11, totals(1, 4, 6, 1))])], items).unwrap();
        let kinds: Vec<_> = summary.items().iter().map(|item| item.kind).collect();
        assert_eq!(kinds, expected, "{reason}");
    }
}

#[test]
fn a_stated_kind_takes_precedence_over_the_sums() {
    let kinds = |items: Vec<ItemSums>| {
        let summary = Summary::new(vec![request("a", 2, &[(5, 11, totals(2, 4, 3, 2))])], items).unwrap();
        summary.items().iter().map(|item| item.kind).collect::<Vec<_>>()
    };
    let stated = |item: ItemSums, kind| ItemSums { stated_kind: Some(kind), ..item };
    let (slot, input) = (Some(ItemKind::Slot), Some(ItemKind::Input));
    let (car, color) = (|| item("car", 4, 0, 0), || item("color", 3, 0, 0));
    assert_eq!(kinds(vec![car(), color()]), [None, None], "each task has both");
    assert_eq!(kinds(vec![stated(car(), ItemKind::Slot), color()]), [slot, input], "the rest follows from the sums");
    assert_eq!(kinds(vec![stated(car(), ItemKind::Slot), stated(color(), ItemKind::Input)]), [slot, input]);
    let both = || item("both", 3, 1, 1);
    assert_eq!(kinds(vec![car(), both()]), [None, None], "tasks contradict each other");
    assert_eq!(kinds(vec![car(), stated(both(), ItemKind::Input)]), [None, None], "a statement does not make it true");
    assert_eq!(
        kinds(vec![car(), stated(item("color", 3, 0, 1), ItemKind::Slot)]),
        [None, None],
        "nor does a wrong one"
    );
}

#[test]
fn cells_that_do_not_add_up_within_each_pool_and_status_are_refused() {
    let requests = || {
        let groups = [(5, 11, totals(1, 2, 1, 1)), (1, 2, totals(1, 2, 0, 1))];
        vec![request("a", 2, &groups)]
    };
    let cell = |pool: i16, status: i32, count| ItemCell {
        request: None,
        pool_type: PoolType::try_from(pool).unwrap(),
        status: TaskStatus::from(status),
        sums: item("car", count, 0, 0),
    };
    let query =
        SummaryQuery { filter: TaskFilter::default(), items_by: ItemsBy { status: true, ..ItemsBy::default() } };
    let summed = |cells| Summary::of_cells(requests(), cells, &query).map(|summary| summary.cells().len());
    assert_eq!(summed(vec![cell(5, 11, 3), cell(1, 2, 2)]), Ok(2));
    for (cells, items, annotated, reason) in [
        (vec![cell(5, 11, 2), cell(1, 2, 3)], 3, 2, "in the other group"),
        (vec![cell(5, 11, 3)], 0, 2, "a group without items"),
        (vec![cell(5, 11, 3), cell(1, 2, 2), cell(0, 0, 1)], 1, 0, "items without a group"),
    ] {
        assert_eq!(summed(cells), Err(SumsDisagree::Items { items, annotated }), "{reason}");
    }
}

#[test]
fn taxonomies_add_labels_and_a_zero_for_each_ordered_item_that_no_task_has() {
    let stated = |name: &str, label: Option<&str>, is_whitelisted| StatedItem {
        key: OperationItemKey::new(name).unwrap(),
        label: label.map(|label| ItemLabel::new(label).unwrap()),
        kind: Some(ItemKind::Slot),
        is_found: false,
        is_whitelisted,
    };
    let requests = || vec![request("a", 1, &[(5, 11, totals(1, 2, 3, 1))])];
    let bare = Summary::new(requests(), vec![item("car", 2, 1, 0), item("color", 3, 0, 1)]).unwrap();
    let summary = bare.clone().with_stated_items(vec![
        stated("bus", Some("Bus"), true),
        stated("car", Some("Car"), false),
        stated("cat", Some("Cat"), false),
        stated("zebra", None, true),
    ]);
    let items = summary.items().iter();
    let items: Vec<_> = items
        .map(|item| (item.key.as_str(), item.kind, item.count, summary.label_of(&item.key).map(ItemLabel::as_str)))
        .collect();
    let (slot, input) = (Some(ItemKind::Slot), Some(ItemKind::Input));
    let expected = [
        ("bus", slot, 0, Some("Bus")),
        ("car", slot, 2, Some("Car")),
        ("color", input, 3, None),
        ("zebra", slot, 0, None),
    ];
    assert_eq!(items, expected);
    assert_eq!(summary.totals(), bare.totals());
    let found = |label| StatedItem { is_found: true, ..stated("car", Some(label), false) };
    let has_found = |items| bare.clone().with_stated_items(items).has_found_labels();
    assert_eq!(
        [found("Car"), found("car"), stated("car", Some("Car"), false)].map(|item| has_found(vec![item])),
        [true, false, false]
    );
    assert_eq!(bare.clone().with_stated_items(Vec::new()), bare);
}
