//! What taxonomies add to sums.

use super::{ALL, EVERYTHING};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, ItemKind, ItemLabel, ItemsBy, Operator, OperatorKind, Precondition, Summary,
    SummaryQuery, TaskFilter,
};
use annotation_statistics_tests::{Implementation, ids, operator, record, register, task, taxonomy};

/// Each item with its kind, its label and its count.
type Lines = Vec<(String, Option<ItemKind>, Option<String>, u128)>;

fn lines(summary: &Summary) -> Lines {
    let label = |item| summary.label_of(item).map(ItemLabel::to_string);
    summary.items().iter().map(|item| (item.key.to_string(), item.kind, label(&item.key), item.count)).collect()
}

async fn summary_lines(data: &impl Implementation, requests: &[&str], query: &SummaryQuery) -> Lines {
    lines(&data.summaries().summarize(&ids(requests), query, ALL).await.unwrap())
}

async fn agree(data: &impl Implementation, request: &str, operators: Vec<Operator>) {
    let id = AnnotationRequestId::new(request).unwrap();
    data.taxonomies().replace(&id, taxonomy(operators), ALL, Precondition::None).await.unwrap();
}

fn line(
    key: &str,
    kind: Option<ItemKind>,
    label: Option<&str>,
    count: u128,
) -> (String, Option<ItemKind>, Option<String>, u128) {
    (key.to_owned(), kind, label.map(str::to_owned), count)
}

/// What a taxonomy states of an item MUST count before what was stated with tasks, and its label be that of the item,
/// where the requests of the summary do not contradict each other.
pub(super) async fn obligation_13(data: &impl Implementation) {
    let (slot, input) = (Some(ItemKind::Slot), Some(ItemKind::Input));
    // Four items of 12 instances and 44 attributes, of which nothing follows.
    let mixed = |request| task(request, 1).instance_info(&[("a", 6), ("b", 6), ("c", 22), ("d", 22)], 12, 44);
    record(data, [mixed("one").stating("a", ItemKind::Input), mixed("other")]).await;
    let by_pool = &SummaryQuery { items_by: ItemsBy { pool_type: true, ..ItemsBy::default() }, ..EVERYTHING.clone() };
    let part = Operator { kind: OperatorKind::SlotChildren, parent: Some(operator("a").key), ..operator("b") };
    agree(data, "one", vec![operator("a"), part.clone()]).await;
    for query in [EVERYTHING, by_pool] {
        let expected = vec![
            line("a", slot, Some("A"), 6),
            line("b", slot, Some("B"), 6),
            line("c", input, None, 22),
            line("d", input, None, 22),
        ];
        assert_eq!(summary_lines(data, &["one"], query).await, expected, "a and b make all instances");
        let kinds: Vec<_> =
            summary_lines(data, &["one", "other"], query).await.into_iter().map(|line| line.1).collect();
        assert_eq!(kinds, [None; 4], "the other request says nothing of them");
    }
    let relabelled = Operator { label: ItemLabel::new("Bee").unwrap(), ..part };
    agree(data, "other", vec![operator("a"), relabelled]).await;
    let both = summary_lines(data, &["one", "other"], EVERYTHING).await;
    assert_eq!(both[..2], [line("a", slot, Some("A"), 12), line("b", slot, None, 12)]);
    agree(data, "other", vec![Operator { kind: OperatorKind::Input, ..operator("a") }]).await;
    let both = summary_lines(data, &["one", "other"], EVERYTHING).await;
    assert_eq!(both[..2], [line("a", None, Some("A"), 12), line("b", None, Some("B"), 12)]);
}

/// An item that a taxonomy of the covered requests orders MUST be among the items, with zero where no task has it.
pub(super) async fn obligation_14(data: &impl Implementation) {
    let slot = Some(ItemKind::Slot);
    record(data, [task("a", 1).campaign("1").instance_info(&[("car", 2)], 2, 0), task("b", 1).campaign("2")]).await;
    register(data, "empty", None).await;
    agree(data, "a", vec![operator("bus"), operator("car"), operator("car/color")]).await;
    agree(data, "empty", vec![operator("zebra")]).await;
    let expected = vec![
        line("bus", slot, Some("BUS"), 0),
        line("car", slot, Some("CAR"), 2),
        line("car/color", Some(ItemKind::Input), Some("CAR/COLOR"), 0),
    ];
    assert_eq!(summary_lines(data, &["a"], EVERYTHING).await, expected);
    assert_eq!(summary_lines(data, &["empty"], EVERYTHING).await, [line("zebra", slot, Some("ZEBRA"), 0)]);
    let of_campaign = |campaign: &str| {
        let campaigns = [CampaignId::new(campaign).unwrap()].into();
        SummaryQuery::of(TaskFilter { campaigns, ..TaskFilter::default() })
    };
    assert_eq!(summary_lines(data, &["a", "empty"], &of_campaign("1")).await, expected);
    assert_eq!(summary_lines(data, &["a", "empty"], &of_campaign("2")).await, vec![]);
    let id = AnnotationRequestId::new("a").unwrap();
    let some = annotation_statistics_domain::Taxonomy::new(vec![operator("bus"), operator("car")], Some(vec![]));
    data.taxonomies().replace(&id, some.unwrap(), ALL, Precondition::None).await.unwrap();
    assert_eq!(summary_lines(data, &["a"], EVERYTHING).await, expected[1..2], "nothing is ordered");
}
