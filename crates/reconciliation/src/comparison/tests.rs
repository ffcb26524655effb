mod model;
mod sums;

use super::*;
use crate::sample::{BOX, CAR, COLOR, TREE, compare, names, sheet, source_names, task};
use crate::sheet::{Measures, SheetTasks, Stated, StatedMeasure};
use crate::{Class, ComparedLine, ControlTotal};

#[test]
fn values_of_a_task_match_or_differ_and_what_one_side_does_not_list_is_zero() {
    let values = [(2, 7, CAR, 2), (3, 7, TREE, 0), (4, 7, BOX, 4), (5, 7, COLOR, 1)];
    let (found, written) = compare(sheet(SheetTasks::Ids, &values), &[task(7, None, &[("car", 2), ("box", 3)], 1)]);
    assert_eq!(
        written.lines,
        ["differing 4 7 box 3:4", "matched 2 7 car 2:2", "differing 5 7 car/color 0:1", "matched 3 7 tree 0:0",]
    );
    assert_eq!(written.labels, [None, Some("A car".to_owned()), None, None]);
    let sums = |count| Sums { count: Some(count), ..Sums::default() };
    let expected = Reconciliation {
        sheet_lines: 4,
        lines: 4,
        matched: 2,
        differing: 2,
        missing: 0,
        extra: 0,
        duplicate: 0,
        ours: sums(5),
        theirs: sums(7),
        delta: sums(-2),
        control_total: None,
        ignored_columns: Vec::new(),
        rounded_ids: 0,
    };
    assert_eq!(found, expected);
    assert!(!found.agrees());
}

#[test]
fn what_the_sheet_does_not_have_is_missing_and_a_zero_only_as_a_total_of_a_task_without_a_line() {
    let tasks = [
        task(1, None, &[("box", 0), ("car", 2)], 0),
        task(2, None, &[("box", 0), ("car", 2)], 0),
        task(3, None, &[], 0),
    ];
    let items = sheet(SheetTasks::Ids, &[(2, 1, TREE, 0)]);
    assert_eq!(compare(items, &tasks).1.lines, ["missing - 1 car 2:0", "matched 2 1 tree 0:0", "missing - 2 car 2:0"]);

    let measures = Measures { items: false, instances: true, attributes: true, frames: true };
    let totals = Sheet { measures, ..sheet(SheetTasks::Ids, &[(2, 1, StatedMeasure::Frames, 0)]) };
    assert_eq!(
        compare(totals, &tasks).1.lines,
        [
            "missing - 1 instanceNum 2:0",
            "matched 2 1 frameNum 0:0",
            "missing - 2 instanceNum 2:0",
            "missing - 2 attributeNum 0:0",
            "missing - 2 frameNum 0:0",
            "missing - 3 instanceNum 0:0",
            "missing - 3 attributeNum 0:0",
            "missing - 3 frameNum 0:0",
        ]
    );
}

#[test]
fn what_only_the_sheet_has_and_what_it_has_again_comes_last_in_the_order_of_its_lines() {
    let values = [
        (2, 9, CAR, 0),
        (3, 7, CAR, 2),
        (4, 8, BOX, 5),
        (5, 7, CAR, 3),
        (6, 7, CAR, 2),
        (7, 9, CAR, 1),
        (8, 7, BOX, 1),
        (9, 5, CAR, 1),
    ];
    let (found, written) = compare(sheet(SheetTasks::Ids, &values), &[task(7, None, &[("car", 2), ("box", 1)], 1)]);
    assert_eq!(
        written.lines,
        [
            "matched 8 7 box 1:1",
            "matched 3 7 car 2:2",
            "extra 2 9 car 0:0",
            "extra 4 8 box 0:5",
            "duplicate 5 7 car 0:3",
            "duplicate 6 7 car 0:2",
            "duplicate 7 9 car 0:1",
            "extra 9 5 car 0:1",
        ]
    );
    assert_eq!((found.theirs.count, found.delta.count), (Some(15), Some(-12)), "duplicates are in the sums");
}

#[test]
fn tasks_are_compared_in_the_order_in_which_they_come_and_once() {
    let values = [(2, 1, CAR, 1), (3, 2, CAR, 1)];
    let tasks = [2, 1, 2].map(|id| task(id, None, &[("car", 1)], 1));
    let (_, written) = compare(sheet(SheetTasks::Ids, &values), &tasks);
    assert_eq!(written.lines, ["matched 3 2 car 1:1", "matched 2 1 car 1:1", "missing - 2 car 1:0"]);
}

#[test]
fn by_source_name_the_first_task_of_a_name_is_compared() {
    let values = [(2, 0, CAR, 1), (3, 1, CAR, 4), (4, 2, CAR, 2), (5, 0, CAR, 1), (6, 1, CAR, 4)];
    let tasks = [
        task(11, Some("c.jpg"), &[("car", 2)], 1),
        task(12, None, &[("car", 3)], 1),
        task(13, Some("a.jpg"), &[("car", 1)], 1),
        task(14, Some("a.jpg"), &[("car", 1)], 1),
        task(15, Some("d.jpg"), &[("car", 1)], 1),
    ];
    let (_, written) = compare(sheet(source_names(&["a.jpg", "b.jpg", "c.jpg"]), &values), &tasks);
    assert_eq!(
        written.lines,
        [
            "matched 4 11=c.jpg car 2:2",
            "missing - 12 car 3:0",
            "matched 2 13=a.jpg car 1:1",
            "missing - 14=a.jpg car 1:0",
            "missing - 15=d.jpg car 1:0",
            "extra 3 =b.jpg car 0:4",
            "duplicate 5 =a.jpg car 0:1",
            "duplicate 6 =b.jpg car 0:4",
        ]
    );
}

#[test]
fn a_wide_sheet_is_compared_by_items_and_by_totals_with_sums_of_each() {
    let values =
        [(2, 1, CAR, 2), (2, 1, COLOR, 1), (2, 1, StatedMeasure::Instances, 3), (2, 1, StatedMeasure::Frames, 9)];
    let recorded = task(1, None, &[("car", 2), ("box", 1), ("car/color", 1)], 10);
    let (found, written) = compare(sheet(SheetTasks::Ids, &values), &[recorded]);
    assert_eq!(
        written.lines,
        [
            "missing - 1 box 1:0",
            "matched 2 1 car 2:2",
            "matched 2 1 car/color 1:1",
            "matched 2 1 instanceNum 3:3",
            "differing 2 1 frameNum 10:9",
        ]
    );
    let sums = |count, instances, frames| Sums {
        count: Some(count),
        instance_num: Some(instances),
        attribute_num: None,
        frame_num: Some(frames),
    };
    assert_eq!((found.ours, found.theirs, found.delta), (sums(4, 3, 10), sums(3, 3, 9), sums(1, 0, 1)));
    assert_eq!((found.sheet_lines, found.lines), (1, 4));
}

#[test]
fn an_empty_sheet_lacks_all_that_it_has_a_column_of() {
    let measures = Measures { items: true, instances: false, attributes: true, frames: false };
    let empty = |tasks| Sheet { measures, ..sheet(tasks, &[]) };
    let tasks = [task(1, Some("a.jpg"), &[("car", 2)], 1)];
    for by in [SheetTasks::Ids, source_names(&[])] {
        let expected = ["missing - 1=a.jpg car 2:0", "missing - 1=a.jpg attributeNum 0:0"];
        assert_eq!(compare(empty(by), &tasks).1.lines, expected);
    }
    assert!(compare(empty(SheetTasks::Ids), &[]).0.agrees(), "nothing agrees with nothing");
}

#[test]
fn extra_ids_that_a_spreadsheet_rounded_are_counted_once_each() {
    let recorded = 304_500_000_000_000_000;
    let (rounded, other) = (304_500_000_000_001_000, 304_500_000_000_000_707);
    let values =
        [(2, rounded, CAR, 1), (3, rounded, BOX, 1), (4, rounded, CAR, 1), (5, other, CAR, 1), (6, recorded, CAR, 1)];
    let (found, _) = compare(sheet(SheetTasks::Ids, &values), &[task(recorded, None, &[("car", 1)], 1)]);
    assert_eq!((found.rounded_ids, found.extra, found.duplicate), (1, 3, 1));
}

#[test]
fn sums_are_exact_beyond_64_bits() {
    let values: Vec<_> = (0..4).map(|line| (line + 2, i64::from(line), CAR, i64::MAX)).collect();
    let tasks = [0, 1, 2].map(|id| task(id, None, &[("car", i64::MAX)], 1));
    let (found, _) = compare(sheet(SheetTasks::Ids, &values), &tasks);
    let largest = i128::from(i64::MAX);
    assert_eq!((found.ours.count, found.theirs.count), (Some(3 * largest), Some(4 * largest)));
    assert_eq!(found.delta.count, Some(-largest));
}

#[test]
fn what_was_read_beside_the_values_stays_as_it_is() {
    let stated = Sums { count: Some(3), ..Sums::default() };
    let control_total = Some(ControlTotal { line: 3, stated, agrees: false });
    let read = sheet(SheetTasks::Ids, &[(2, 1, CAR, 2)]);
    let read = Sheet { control_total, ignored_columns: vec!["remark".to_owned()], ..read };
    let (found, _) = compare(read, &[task(1, None, &[("car", 2)], 1)]);
    assert_eq!((found.control_total, found.ignored_columns.as_slice()), (control_total, &["remark".to_owned()][..]));
    assert!(!found.agrees(), "the line of sums is wrong");
}

/// Fails at a line of this class.
#[derive(Debug)]
struct Fails(Class);

impl ComparedLines for Fails {
    fn take(&mut self, line: &ComparedLine<'_>) -> Result<(), BoxError> {
        if line.class == self.0 { Err("closed".into()) } else { Ok(()) }
    }
}

#[test]
fn lines_that_are_not_taken_end_the_comparison() {
    let values = [(2, 1, CAR, 2), (3, 1, BOX, 2), (4, 2, CAR, 2), (5, 2, CAR, 2)];
    let recorded = task(1, None, &[("car", 2), ("tree", 1)], 1);
    for class in [Class::Matched, Class::Differing, Class::Missing, Class::Extra, Class::Duplicate] {
        let mut comparison = Comparison::new(sheet(SheetTasks::Ids, &values), names(), Fails(class));
        let taken = comparison.take(&recorded);
        let end = taken.and_then(|()| comparison.finish().map(|_| ()));
        assert_eq!(end.unwrap_err().to_string(), "closed", "{class:?}");
    }
}

#[test]
fn a_value_takes_24_bytes() {
    assert_eq!(size_of::<Stated>(), 24);
}
