//! The file with all lines.

use super::*;

fn csv(known: Option<[KnownSums; 2]>, from: &[Statistics], to: &[Statistics], byte_order_mark: bool) -> String {
    let lines = DiffCsv::new(Vec::new(), byte_order_mark);
    let (_, lines) = compare_texts(&text(from), &text(to), known, lines).unwrap();
    String::from_utf8(lines.into_output()).unwrap()
}

#[test]
fn each_count_of_a_task_that_differs_is_a_line() {
    let from = [
        task(304_500_000_000_000_707, OPEN, 3, &[("car", 2), ("car/color", 1)]),
        task(304_500_000_000_000_708, DONE, 11, &[]),
        task(304_500_000_000_000_709, DONE, 11, &[("car", 1)]),
    ];
    let to = [
        named(task(-9, OPEN, 1, &[]), "=a,\"b\".jpg"),
        task(304_500_000_000_000_707, DONE, 11, &[("+box", 1), ("car", 2)]),
        task(304_500_000_000_000_709, DONE, 11, &[("car", 1)]),
    ];
    let mut known = [sums(&from), sums(&to)];
    for (side, label) in [(0, "Auto"), (1, "A \"car\"")] {
        let car = known[side].items.get_mut(&OperationItemKey::new("car").unwrap()).unwrap();
        car.label = Some(label.to_owned());
    }
    let expected = [
        "action,delivery,id,measure,operationItem,label,from,to,delta,fromStatus,toStatus,fromPoolType,toPoolType,\
         fromPoolName,toPoolName,fromSourceName,toSourceName",
        "added,,-9,instanceNum,,,,0,0,,1,,2,,pool 2,,\"'=a,\"\"b\"\".jpg\"",
        "added,,-9,attributeNum,,,,0,0,,1,,2,,pool 2,,\"'=a,\"\"b\"\".jpg\"",
        "added,,-9,frameNum,,,,1,1,,1,,2,,pool 2,,\"'=a,\"\"b\"\".jpg\"",
        "changed,delivered,304500000000000707,count,'+box,,0,1,1,3,11,2,5,pool 2,pool 5,,",
        "changed,delivered,304500000000000707,count,car,\"A \"\"car\"\"\",2,2,0,3,11,2,5,pool 2,pool 5,,",
        "changed,delivered,304500000000000707,count,car/color,,1,0,-1,3,11,2,5,pool 2,pool 5,,",
        "changed,delivered,304500000000000707,instanceNum,,,2,3,1,3,11,2,5,pool 2,pool 5,,",
        "changed,delivered,304500000000000707,attributeNum,,,1,0,-1,3,11,2,5,pool 2,pool 5,,",
        "changed,delivered,304500000000000707,frameNum,,,1,1,0,3,11,2,5,pool 2,pool 5,,",
        "removed,reopened,304500000000000708,instanceNum,,,0,,0,11,,5,,pool 5,,,",
        "removed,reopened,304500000000000708,attributeNum,,,0,,0,11,,5,,pool 5,,,",
        "removed,reopened,304500000000000708,frameNum,,,1,,-1,11,,5,,pool 5,,,",
        "",
    ];
    assert_eq!(csv(Some(known), &from, &to, false), expected.join("\r\n"));
    let without_labels = csv(None, &from, &to, true);
    assert_eq!(without_labels, format!("\u{feff}{}", expected.join("\r\n").replace("\"A \"\"car\"\"\"", "")));
}

#[test]
fn the_deltas_of_a_measure_add_up_to_that_of_the_sums() {
    let from = [task(1, OPEN, 3, &[("car", 9)]), task(2, DONE, 11, &[("car", 4), ("car/color", 2)])];
    let to = [task(1, DONE, 11, &[("car", 7)]), task(3, DONE, 11, &[("bus", 5)])];
    let (diff, _) = compare(&from, &to);
    let file = csv(None, &from, &to, false);
    let sum = |measure: &str, item: &str| {
        let lines = file.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let of_measure = lines.filter(|cells| cells[3] == measure && cells[4] == item);
        of_measure.map(|cells| cells[8].parse::<i128>().unwrap()).sum::<i128>()
    };
    for item in &diff.operation_items {
        assert_eq!(sum("count", item.key.as_str()), item.delta, "{}", item.key);
    }
    let SumsDelta { instance_num, attribute_num, frame_num, .. } = diff.delta;
    let totals = ["instanceNum", "attributeNum", "frameNum"].map(|measure| sum(measure, ""));
    assert_eq!(totals, [instance_num, attribute_num, frame_num]);
}
