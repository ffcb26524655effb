use super::*;
use crate::sample::{Written, hold, key};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, ItemKind, ItemSums, PoolType, RequestTotals, Revision, StatedItem, TaskStatus,
    Totals,
};

/// Of 5 cars, 2 colors and 7 frames in 2 tasks, with a label of car, and boxes that were ordered.
fn summary() -> Summary {
    let totals = Totals { tasks: 2, instances: 5, attributes: 2, frames: 7 };
    let request = RequestTotals {
        id: AnnotationRequestId::new("7d44b43b").unwrap(),
        campaign_id: CampaignId::new("1001").unwrap(),
        counting_rule: None,
        revision: Revision::from(1),
        task_count: 2,
        groups: vec![(PoolType::Complete, TaskStatus::LABELS_APPROVED, totals)],
    };
    let sums = |item, count| ItemSums {
        key: key(item),
        count,
        tasks: 2,
        tasks_of_slots: 0,
        tasks_of_inputs: 0,
        stated_kind: None,
    };
    let stated = |item, label: Option<&str>| StatedItem {
        key: key(item),
        label: label.map(|label| ItemLabel::new(label).unwrap()),
        kind: Some(ItemKind::Slot),
        is_found: false,
        is_whitelisted: true,
    };
    let summary = Summary::new(vec![request], vec![sums("car", 5), sums("car/color", 2)]).unwrap();
    summary.with_stated_items(vec![stated("box", Some("A box")), stated("car", Some("Another car"))])
}

fn compare_sums(sheet: Sheet) -> (Reconciliation, Written) {
    let mut comparison = Comparison::new(sheet, names(), Written::default());
    comparison.take_sums(&summary()).unwrap();
    let (found, written) = comparison.finish().unwrap();
    hold(&found, &written);
    (found, written)
}

fn tasks() -> [Statistics; 2] {
    [task(1, None, &[("car", 2), ("car/color", 2)], 3), task(2, None, &[("car", 3), ("box", 0)], 4)]
}

#[test]
fn a_sheet_of_sums_is_compared_with_kept_sums_and_with_those_of_tasks_alike() {
    let frames = StatedMeasure::Frames;
    let values =
        [(2, 0, CAR, 4), (3, 0, TREE, 1), (4, 0, CAR, 1), (5, 0, TREE, 1), (6, 0, frames, 7), (7, 0, frames, 7)];
    let expected = [
        "differing 2 sum car 5:4",
        "missing - sum car/color 2:0",
        "matched 6 sum frameNum 7:7",
        "extra 3 sum tree 0:1",
        "duplicate 4 sum car 0:1",
        "duplicate 5 sum tree 0:1",
        "duplicate 7 sum frameNum 0:7",
    ];
    let (found, written) = compare_sums(sheet(SheetTasks::None, &values));
    assert_eq!(written.lines, expected);
    assert_eq!(written.labels[0].as_deref(), Some("A car"), "the names go before the summary");
    let sums = |count, frames| Sums { count: Some(count), frame_num: Some(frames), ..Sums::default() };
    assert_eq!((found.ours, found.theirs, found.delta), (sums(7, 7), sums(7, 14), sums(0, -7)));

    let (of_tasks, written) = compare(sheet(SheetTasks::None, &values), &tasks());
    assert_eq!((of_tasks, written.lines.as_slice()), (found, &expected.map(str::to_owned)[..]));
}

#[test]
fn an_item_in_no_task_is_zero_known_if_it_was_ordered_and_extra_if_not() {
    let values = [(2, 0, BOX, 1), (3, 0, TREE, 0), (4, 0, CAR, 5), (5, 0, COLOR, 2)];
    let (_, written) = compare_sums(sheet(SheetTasks::None, &values));
    let expected =
        ["differing 2 sum box 0:1", "matched 4 sum car 5:5", "matched 5 sum car/color 2:2", "matched 3 sum tree 0:0"];
    assert_eq!(written.lines, expected);
    assert_eq!(written.labels, [Some("A box".to_owned()), Some("A car".to_owned()), None, None]);

    let (found, written) = compare_sums(sheet(SheetTasks::None, &[(2, 0, CAR, 5), (3, 0, COLOR, 2)]));
    assert_eq!(written.lines, ["matched 2 sum car 5:5", "matched 3 sum car/color 2:2"]);
    assert!(found.agrees(), "what was ordered and is in no task is not missing");
}

#[test]
fn totals_that_a_sheet_of_sums_leaves_blank_are_missing_unless_they_are_zero() {
    let measures = Measures { items: false, instances: true, attributes: true, frames: true };
    let blank = || Sheet { measures, ..sheet(SheetTasks::None, &[]) };
    let expected = ["missing - sum instanceNum 5:0", "missing - sum attributeNum 2:0", "missing - sum frameNum 7:0"];
    assert_eq!(compare_sums(blank()).1.lines, expected);
    assert_eq!(compare(blank(), &[]).1.lines, [""; 0]);
}

#[test]
fn a_sheet_of_tasks_is_not_compared_with_sums() {
    let mut comparison = Comparison::new(sheet(SheetTasks::Ids, &[]), names(), Written::default());
    let error = comparison.take_sums(&summary()).unwrap_err();
    assert_eq!(error.to_string(), "the sheet is of tasks, and sums have none");
}
