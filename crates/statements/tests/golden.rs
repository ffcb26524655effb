//! The golden files of format 1: what was signed with an earlier version is made and verified the same for ever.
//!
//! Where this test fails, the program is to be repaired and never the files: statements that clients have would not be made
//! again byte for byte, or not be verified any more (ADR 101).

use crate::sample::{Made, Sample, described, key, make, named, sample, task};
use annotation_statistics_domain::{ItemKind, PoolType, RecordedTask, Statistics, StatisticsParts, TaskStatus};
use annotation_statistics_statements::{public_key_from_pem, public_key_to_pem, verify};

pub(crate) const STATEMENT: &[u8] = include_bytes!("golden/statement.json");
pub(crate) const SIGNATURE: &[u8] = include_bytes!("golden/statement.sig");
pub(crate) const ROWS: &[u8] = include_bytes!("golden/rows.jsonl");
pub(crate) const PUBLIC_KEY: &str = include_str!("golden/public-key.pem");

/// Each kind of text, number and sum that a row may have.
fn golden() -> Sample {
    let (check, complete) = (PoolType::Check, PoolType::Complete);
    let largest = i64::MAX;
    let mut tasks = vec![
        described(
            task(-9_223_372_036_854_775_808, complete, &[("car", 3), ("car/color", 2)], 1),
            "é \"1\".jpg",
            "car",
            ItemKind::Slot,
        ),
        named(task(-1, check, &[], 0), "tab\tand\\line\n\u{1}\u{7f}"),
        in_status(task(0, check, &[("car", 0), ("select-[e000f]", 44)], 1), -3),
        task(7, complete, &[("car", largest - 1), ("\"quoted\"", 1)], 2),
        in_status(task(300_000_000_000_000_001, complete, &[("car", largest), ("\u{1f697}", 0)], 1), 12),
        task(largest, PoolType::Distribution, &[("car/color", 5)], 0),
    ];
    // More than one frame.
    tasks.splice(4..4, (8..268).map(|id| task(id, complete, &[("car", id), ("car/color", 1)], 1)));
    sample(tasks)
}

fn in_status(mut task: RecordedTask, code: i32) -> RecordedTask {
    let parts = StatisticsParts::from(task.statistics);
    task.statistics = Statistics::new(StatisticsParts { status: TaskStatus::from(code), ..parts }).unwrap();
    task
}

#[test]
fn the_golden_files_are_made_again_byte_for_byte() {
    let Made { statement, frames } = make(&golden()).unwrap();
    let rows = Made { statement: statement.clone(), frames }.rows();
    assert_eq!(String::from_utf8(rows).unwrap(), String::from_utf8_lossy(ROWS));
    assert_eq!(String::from_utf8(statement.body).unwrap(), String::from_utf8_lossy(STATEMENT));
    assert_eq!(statement.signature, SIGNATURE);
    assert_eq!(public_key_to_pem(key().public_key()), PUBLIC_KEY);
}

#[test]
fn the_golden_files_are_verified() {
    let key = public_key_from_pem(PUBLIC_KEY).unwrap();
    let verified = verify(STATEMENT, SIGNATURE, &[key], ROWS).unwrap();
    assert_eq!(verified.envelope.rows.tasks, 266);
    assert_eq!(verified.envelope.total.instance_num, 2 * 9_223_372_036_854_775_807 + 3 + (8..268_u128).sum::<u128>());
}
