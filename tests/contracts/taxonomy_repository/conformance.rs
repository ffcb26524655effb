//! How tasks conform to a taxonomy.

use super::{ALL, find, id, replace};
use annotation_statistics_domain::{Conformance, ItemConformance, OperationItemKey, Operator, UnknownItem};
use annotation_statistics_tests::{Implementation, limited, operator, record, register, task, taxonomy};

async fn conformance(data: &impl Implementation) -> Conformance {
    data.taxonomies().find_conformance(&id("a"), ALL).await.unwrap()
}

fn unknown(key: &str, tasks: u64) -> UnknownItem {
    UnknownItem { key: OperationItemKey::new(key).unwrap(), tasks }
}

/// Five tasks of `a`, of which one has nothing and one an item that no operator is of, and one of another request.
async fn record_tasks(data: &impl Implementation) {
    let counts: [&[(&str, u32)]; 5] = [
        &[("car", 1), ("bus", 4)],
        &[("car", 2), ("é", 1), ("z", 0)],
        &[("car", 3), ("bus", 0), ("z", 5)],
        &[],
        &[("z", 1)],
    ];
    let tasks = counts.into_iter().zip(0..).map(|(counts, number)| {
        let sum = counts.iter().map(|(_, count)| count).sum();
        task("a", number).instance_info(counts, sum, 0)
    });
    record(data, tasks.chain([task("other", 1).instance_info(&[("car", 9), ("theirs", 9)], 18, 0)])).await;
}

/// `find_conformance` MUST count, for each operator in their order, the tasks that have any, fewer than the least and more
/// than the most, and the tasks of each operation item that no operator is of, in the byte order of the keys.
pub(super) async fn obligation_09(data: &impl Implementation) {
    register(data, "a", None).await;
    let revision = find(data, "a").await.revision;
    let bare = Conformance { revision, tasks: 0, items: vec![], unknown: vec![], has_more_unknown: false };
    assert_eq!(conformance(data).await, bare);
    record_tasks(data).await;
    let operators = [
        (limited("van", None, None), (0, 0, 0)),
        (limited("car", Some(2), Some(2)), (3, 3, 1)),
        (Operator { required: true, ..operator("bus") }, (1, 4, 0)),
        (Operator { required: true, ..limited("car/color", None, Some(0)) }, (0, 0, 0)),
        (limited("tram", Some(1), None), (0, 5, 0)),
        (limited("z", Some(0), Some(1)), (2, 0, 1)),
    ];
    replace(data, "a", &taxonomy(operators.iter().map(|(operator, _)| operator.clone()))).await;
    let revision = find(data, "a").await.revision;
    let item = |(operator, (tasks, below_min, above_max))| ItemConformance { operator, tasks, below_min, above_max };
    let items = operators.into_iter().map(item).collect();
    let expected = Conformance { tasks: 5, items, unknown: vec![unknown("é", 1)], revision, ..bare };
    assert_eq!(conformance(data).await, expected);
    let never: Vec<bool> = expected.items.iter().map(ItemConformance::is_never_used).collect();
    assert_eq!(never, [true, false, false, true, true, false]);
    replace(data, "a", &taxonomy([operator("van")])).await;
    let left = [unknown("bus", 1), unknown("car", 3), unknown("z", 2), unknown("é", 1)];
    assert_eq!(conformance(data).await.unknown, left);
}

/// `find_conformance` MUST report at most `Conformance::MAX_UNKNOWN` unknown operation items, and whether there are more.
pub(super) async fn obligation_10(data: &impl Implementation) {
    record(data, [task("a", 1).items(1_000)]).await;
    replace(data, "a", &taxonomy([operator("car")])).await;
    let first = conformance(data).await;
    assert_eq!((first.unknown.len(), first.has_more_unknown), (1_000, false));
    record(data, [task("a", 2).items(1_001)]).await;
    let more = conformance(data).await;
    assert_eq!((more.unknown.len(), more.has_more_unknown), (1_000, true));
    assert_eq!(more.unknown.last(), Some(&unknown("item-000000000000999", 2)));
}
