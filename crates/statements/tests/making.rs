//! How statements are made.

use crate::sample::{Made, Sample, described, key, make, sample, summary, task, tasks};
use annotation_statistics_domain::{
    AnnotationRequestId, ItemKind, PoolType, RecordedTask, RowFrame, Sha256, StatementFormat, TaskId,
};
use annotation_statistics_exports::write_line;
use annotation_statistics_statements::{Envelope, SignedFormat, is_signed, rows_of_frame};
use sha2::{Digest, Sha256 as Hash};

fn lines_of(tasks: &[RecordedTask]) -> Vec<u8> {
    let mut lines = Vec::new();
    for task in tasks {
        write_line(&mut lines, task).unwrap();
    }
    lines
}

fn digest(bytes: &[u8]) -> Sha256 {
    Sha256(Hash::digest(bytes).into())
}

const DOCUMENT: &str = r#"{
  "format": "annotation-statistics/statement/1",
  "annotationRequestId": "R",
  "campaignId": "1001",
  "countingRule": "objects/2",
  "name": "2026-11",
  "number": 3,
  "previous": {
    "number": 2,
    "sha256": "abababababababababababababababababababababababababababababababab"
  },
  "asOf": "2025-12-01T01:00:00.123456Z",
  "revision": 1764550800000000,
  "createdAt": "2025-12-01T01:00:00.123456Z",
  "keyId": "21fe31dfa154a261",
  "rows": {
    "format": "rows/1",
    "sha256": "SHA256",
    "bytes": BYTES,
    "tasks": 3
  },
  "total": {
    "taskNum": 3,
    "instanceNum": 9,
    "attributeNum": 2,
    "frameNum": 6
  },
  "delivered": {
    "taskNum": 2,
    "instanceNum": 7,
    "attributeNum": 2,
    "frameNum": 4
  },
  "operationItems": [
    {
      "key": "bus",
      "label": "Bus",
      "kind": "slot",
      "count": 0,
      "delivered": 0,
      "taskNum": 0
    },
    {
      "key": "car",
      "label": "Car \"é\"",
      "kind": "slot",
      "count": 9,
      "delivered": 7,
      "taskNum": 3
    },
    {
      "key": "car/color",
      "label": null,
      "kind": "input",
      "count": 2,
      "delivered": 2,
      "taskNum": 1
    }
  ],
  "groups": [
    {
      "poolType": 2,
      "status": 11,
      "taskNum": 1,
      "instanceNum": 2,
      "attributeNum": 0,
      "frameNum": 2
    },
    {
      "poolType": 5,
      "status": 11,
      "taskNum": 2,
      "instanceNum": 7,
      "attributeNum": 2,
      "frameNum": 4
    }
  ]
}
"#;

fn three() -> Sample {
    sample(vec![
        described(task(-4, PoolType::Complete, &[("car", 5), ("car/color", 2)], 1), "é.jpg", "car", ItemKind::Slot),
        task(7, PoolType::Check, &[("car", 2), ("car/color", 0)], 1),
        task(1_146_703_288_430_264_321, PoolType::Complete, &[("car", 2)], 1),
    ])
}

#[test]
fn the_document_is_these_bytes_and_is_signed() {
    let (three, key) = (three(), key());
    let Made { statement, frames } = make(&three).unwrap();
    let rows = lines_of(&three.tasks);
    let expected = DOCUMENT.replace("SHA256", &digest(&rows).to_string()).replace("BYTES", &rows.len().to_string());
    assert_eq!(String::from_utf8(statement.body.clone()).unwrap(), expected);
    assert_eq!(statement.sha256, digest(&statement.body));
    assert!(is_signed(&statement.body, &statement.signature, key.public_key()));
    let envelope = Envelope::parse(&statement.body).unwrap();
    assert_eq!((envelope.name, envelope.key_id), (three.facts.name.clone(), key.public_key().id.clone()));
    assert_eq!(make(&three).unwrap(), Made { statement, frames });
}

#[test]
fn the_rows_are_the_lines_of_an_export_in_frames_of_256() {
    for (number, expected) in [(0, &[][..]), (1, &[1]), (256, &[256]), (257, &[256, 1]), (513, &[256, 256, 1])] {
        let of = sample(tasks(number));
        let made = make(&of).unwrap();
        let rows = |frame: &RowFrame| rows_of_frame(&frame.zstd).unwrap().map(Result::unwrap).collect::<Vec<_>>();
        let frames: Vec<_> = made.frames.iter().map(rows).collect();
        assert_eq!(frames.iter().map(Vec::len).collect::<Vec<_>>(), expected);
        let first = made.frames.iter().map(|frame| (frame.place, frame.first_task)).collect::<Vec<_>>();
        let starts = frames.iter().zip(0..).map(|(rows, place)| (place, rows[0].statistics.id())).collect::<Vec<_>>();
        assert_eq!(first, starts);
        let lines = lines_of(&of.tasks);
        assert_eq!(lines_of(&frames.concat()), lines);
        assert_eq!(made.rows(), lines);
        let digest_of = made.statement.rows;
        assert_eq!((digest_of.sha256, digest_of.bytes), (digest(&lines), lines.len().try_into().unwrap()));
    }
}

#[test]
fn a_task_that_is_out_of_order_or_of_another_request_is_refused() {
    let ordered = tasks(3);
    let (mut of_other, mut by_other_rule) = (ordered[2].clone(), ordered[2].clone());
    of_other.annotation_request_id = AnnotationRequestId::new("S").unwrap();
    by_other_rule.counting_rule = None;
    let foreign = "is of another annotation request, campaign or counting rule than the statement";
    for (next, expected, reason) in [
        (&ordered[1], "is not behind the one before", "again"),
        (&ordered[0], "is not behind the one before", "one before"),
        (&of_other, foreign, "another request"),
        (&by_other_rule, foreign, "another rule"),
    ] {
        let mut draft = SignedFormat::new(key()).begin(sample(ordered.clone()).facts).unwrap();
        draft.take(&ordered[0]).unwrap();
        draft.take(&ordered[1]).unwrap();
        let id: TaskId = next.statistics.id();
        assert_eq!(draft.take(next).unwrap_err().to_string(), format!("task {id} {expected}"), "{reason}");
    }
}

#[test]
fn tasks_that_do_not_add_up_to_the_kept_sums_make_no_statement() {
    let kept = tasks(3);
    let with = |pool_type, items: &[(&str, i64)]| vec![kept[0].clone(), kept[1].clone(), task(3, pool_type, items, 1)];
    for (tasks, reason) in [
        (kept[..2].to_vec(), "a task is missing"),
        (with(PoolType::Check, &[("car", 3), ("car/color", 1)]), "an instance more"),
        (with(PoolType::Complete, &[("car", 2), ("car/color", 1)]), "in another pool"),
        (with(PoolType::Check, &[("car", 2), ("car/colour", 1)]), "another item"),
    ] {
        let wrong = Sample { facts: sample(kept.clone()).facts, tasks };
        let error = make(&wrong).unwrap_err();
        let expected = "the tasks do not add up to the kept sums; `annotation-statistics verify` shows where";
        assert_eq!(error.to_string(), expected, "{reason}");
    }
    let mut of_none = sample(kept);
    of_none.facts.summary = annotation_statistics_domain::Summary::new(vec![], vec![]).unwrap();
    assert_eq!(make(&of_none).unwrap_err().to_string(), "a statement is of one annotation request");
}

#[test]
fn the_kind_and_label_of_an_item_are_those_of_the_summary() {
    let three = three();
    let envelope = Envelope::parse(&make(&three).unwrap().statement.body).unwrap();
    let stated = envelope.operation_items.iter().map(|item| (item.key.clone(), item.kind.clone(), item.label.clone()));
    let summary = summary(&three.tasks);
    let of_summary = summary.items().iter().map(|item| {
        let label = summary.label_of(&item.key).map(ToString::to_string);
        (item.key.clone(), item.kind.map(|kind| kind.name().to_owned()), label)
    });
    assert_eq!(stated.collect::<Vec<_>>(), of_summary.collect::<Vec<_>>());
}
