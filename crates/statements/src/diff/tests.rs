//! States that are compared, and the same by maps.

mod csv;
mod model;
mod rows;

use super::*;
use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, CampaignId, Count, InstanceInfo, ItemKinds, OperationItemKey, Place, PoolName,
    PoolType, RecordedTask, SourceName, Statistics, StatisticsParts, TaskId, TaskStatus,
};
use annotation_statistics_exports::write_line;

/// A task; an item with a slash is of attributes.
fn task(id: i64, pool: PoolType, status: i32, items: &[(&str, i64)]) -> Statistics {
    let sum = |is_attribute| {
        let of_kind = items.iter().filter(|(key, _)| key.contains('/') == is_attribute);
        Count::try_from(of_kind.map(|(_, count)| count).sum::<i64>()).unwrap()
    };
    let key = |key: &str| OperationItemKey::new(key).unwrap();
    let counts = items.iter().map(|(item, count)| (key(item), Count::try_from(*count).unwrap()));
    let parts = StatisticsParts {
        id: TaskId::from(id),
        source_name: None,
        status: TaskStatus::from(status),
        campaign_id: CampaignId::new("1001").unwrap(),
        pool_name: PoolName::new(format!("pool {}", pool.number())).unwrap(),
        pool_type: pool,
        instance_info: InstanceInfo::new(counts).unwrap(),
        instance_num: sum(false),
        attribute_num: sum(true),
        frame_num: Count::ONE,
    };
    Statistics::new(parts).unwrap()
}

fn named(task: Statistics, name: &str) -> Statistics {
    let parts = StatisticsParts { source_name: Some(SourceName::new(name).unwrap()), ..task.into() };
    Statistics::new(parts).unwrap()
}

/// The rows of tasks.
fn text(tasks: &[Statistics]) -> Vec<u8> {
    let mut rows = Vec::new();
    for task in tasks {
        let task = RecordedTask {
            place: Place::from(1),
            annotation_request_id: AnnotationRequestId::new("R").unwrap(),
            counting_rule: None,
            item_kinds: ItemKinds::default(),
            statistics: task.clone(),
        };
        write_line(&mut rows, &task).unwrap();
    }
    rows
}

/// The sums of tasks, as they are kept.
fn sums(tasks: &[Statistics]) -> KnownSums {
    let same = compare_texts(&text(tasks), &text(tasks), None, FirstLines::new(0)).unwrap().0;
    let totals = |sums: crate::SumsEnvelope| annotation_statistics_domain::Totals {
        tasks: sums.task_num,
        instances: sums.instance_num,
        attributes: sums.attribute_num,
        frames: sums.frame_num,
    };
    let item = |item: &ItemDelta| (item.key.clone(), KnownItem { count: item.to, ..KnownItem::default() });
    KnownSums {
        total: totals(same.to.total),
        delivered: totals(same.to.delivered),
        items: same.operation_items.iter().map(item).collect(),
    }
}

fn compare_texts<L: DiffLines>(
    from: &[u8],
    to: &[u8],
    known: Option<[KnownSums; 2]>,
    lines: L,
) -> Result<(Diff, L), DiffError> {
    let mut comparison = Comparison::new(TextLines::new(from).unwrap(), known, lines)?;
    comparison.take_all(TextLines::new(to).unwrap())?;
    comparison.finish()
}

/// Counted, and by known sums: both come to the same.
fn compare(from: &[Statistics], to: &[Statistics]) -> (Diff, Vec<KeptLine>) {
    let (texts, known) = ((text(from), text(to)), Some([sums(from), sums(to)]));
    let counted = compare_texts(&texts.0, &texts.1, None, FirstLines::new(usize::MAX)).unwrap();
    let by_known = compare_texts(&texts.0, &texts.1, known, FirstLines::new(usize::MAX)).unwrap();
    assert_eq!((&counted.0, counted.1.lines()), (&by_known.0, by_known.1.lines()));
    (counted.0, counted.1.lines().to_vec())
}

const OPEN: PoolType = PoolType::Check;
const DONE: PoolType = PoolType::Complete;

#[test]
fn each_kind_of_difference_has_its_words() {
    let one: &[(&str, i64)] = &[("car", 2), ("car/color", 1)];
    let other: &[(&str, i64)] = &[("bus", 3)];
    let plain = |flags: &[&'static str]| flags.to_vec();
    for (from, to, flags) in [
        (None, Some(task(7, OPEN, 1, one)), plain(&["added"])),
        (None, Some(task(7, DONE, 1, one)), plain(&["added", "delivered"])),
        (Some(task(7, OPEN, 1, one)), None, plain(&["removed"])),
        (Some(task(7, DONE, 1, one)), None, plain(&["removed", "reopened"])),
        (Some(task(7, OPEN, 1, one)), Some(task(7, OPEN, 1, other)), plain(&["changed"])),
        (Some(task(7, OPEN, 1, one)), Some(task(7, OPEN, 2, one)), plain(&["changed"])),
        (Some(task(7, OPEN, 1, one)), Some(named(task(7, OPEN, 1, one), "a.jpg")), plain(&["changed"])),
        (Some(task(7, OPEN, 1, one)), Some(task(7, DONE, 1, one)), plain(&["changed", "delivered"])),
        (Some(task(7, DONE, 1, one)), Some(task(7, OPEN, 1, other)), plain(&["changed", "reopened"])),
        (Some(task(7, DONE, 1, one)), Some(task(7, DONE, 1, other)), plain(&["changed", "reworked"])),
        (Some(task(7, DONE, 1, one)), Some(task(7, DONE, 2, one)), plain(&["changed"])),
        (Some(task(7, DONE, 1, one)), Some(task(7, DONE, 1, one)), plain(&[])),
    ] {
        let side = |task: &Option<Statistics>| task.clone().into_iter().collect::<Vec<_>>();
        let (_, lines) = compare(&side(&from), &side(&to));
        assert_eq!(lines.iter().flat_map(|line| line.flags.clone()).collect::<Vec<_>>(), flags);
        for line in lines {
            assert_eq!(
                (line.id.get(), line.from, line.to),
                (7, from.clone().map(TaskState), to.clone().map(TaskState))
            );
        }
    }
}

#[test]
fn what_it_comes_to_is_a_json_object_with_exact_numbers() {
    let most = i64::MAX;
    let from = [task(1, DONE, 11, &[("car", most)]), task(2, DONE, 11, &[("car", 1)]), task(5, OPEN, 3, &[])];
    let to =
        [task(2, OPEN, 3, &[("bus", 2)]), named(task(3, DONE, 11, &[("bus/line", 4)]), "=a"), task(5, OPEN, 3, &[])];
    let (diff, lines) = compare(&from, &to);
    let expected = concat!(
        r#"{"tasks":{"added":1,"removed":1,"changed":1,"unchanged":1,"delivered":1,"reopened":2,"reworked":0},"#,
        r#""from":{"total":{"taskNum":3,"instanceNum":9223372036854775808,"attributeNum":0,"frameNum":3},"#,
        r#""delivered":{"taskNum":2,"instanceNum":9223372036854775808,"attributeNum":0,"frameNum":2}},"#,
        r#""to":{"total":{"taskNum":3,"instanceNum":2,"attributeNum":4,"frameNum":3},"#,
        r#""delivered":{"taskNum":1,"instanceNum":0,"attributeNum":4,"frameNum":1}},"#,
        r#""delta":{"taskNum":0,"instanceNum":-9223372036854775806,"attributeNum":4,"frameNum":0},"#,
        r#""operationItems":[{"key":"bus","label":null,"kind":null,"from":0,"to":2,"delta":2},"#,
        r#"{"key":"bus/line","label":null,"kind":null,"from":0,"to":4,"delta":4},"#,
        r#"{"key":"car","label":null,"kind":null,"from":9223372036854775808,"to":0,"delta":-9223372036854775808}]}"#,
    );
    assert_eq!(serde_json::to_string(&diff).unwrap(), expected);
    let expected = concat!(
        r#"{"id":3,"flags":["added","delivered"],"from":null,"to":{"sourceName":"=a","status":11,"poolName":"pool 5","#,
        r#""poolType":5,"instanceInfo":{"bus/line":4},"instanceNum":0,"attributeNum":4,"frameNum":1}}"#,
    );
    assert_eq!(serde_json::to_string(&lines[2]).unwrap(), expected);
}

#[test]
fn sums_that_are_not_those_of_the_rows_are_noticed() {
    let from = [task(1, DONE, 11, &[("car", 1)]), task(2, OPEN, 11, &[("car", 1)])];
    let to = [task(1, DONE, 11, &[("car", 1)]), task(2, DONE, 11, &[("car", 3)])];
    let right = [sums(&from), sums(&to)];
    let key = OperationItemKey::new("car").unwrap();
    let wrong: [fn(&mut KnownSums, OperationItemKey); 4] = [
        |sums, _| sums.total.tasks += 1,
        |sums, _| sums.total.instances += 1,
        |sums, _| sums.delivered.tasks += 1,
        |sums, key| sums.items.get_mut(&key).unwrap().count += 1,
    ];
    for change in wrong {
        for side in 0..2 {
            let mut known = right.clone();
            change(&mut known[side], key.clone());
            let compared = compare_texts(&text(&from), &text(&to), Some(known), FirstLines::new(9));
            assert!(matches!(compared, Err(DiffError::SumsDisagree)), "{compared:?}");
        }
    }
}

#[test]
fn lines_that_cannot_be_taken_end_the_comparison() {
    struct Full;
    impl DiffLines for Full {
        fn begin(&mut self, _: Option<&[KnownSums; 2]>) -> Result<(), BoxError> {
            Ok(())
        }

        fn take(&mut self, _: &ChangedTask<'_>) -> Result<(), BoxError> {
            Err("the disk is full".into())
        }
    }
    let compared = compare_texts(&text(&[]), &text(&[task(1, DONE, 11, &[])]), None, Full);
    assert!(matches!(compared, Err(DiffError::Untaken(cause)) if cause.to_string() == "the disk is full"));
}
