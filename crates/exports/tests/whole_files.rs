//! Whole files, and what is read back from them.

use crate::sample::{Written, clock, export, summary, task, tasks};
use annotation_statistics_domain::RecordedTask;
use annotation_statistics_exports::{ExportFormat, ExportOptions, Layout, TooLarge};
use annotation_statistics_formats::JsonLines;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::fs::File;
use std::io::Write;

fn options(format: ExportFormat, layout: Layout) -> ExportOptions {
    ExportOptions { layout, ..ExportOptions::of(format) }
}

const WIDE: &str = "annotationRequestId,countingRule,id,status,campaignId,poolName,poolType,sourceName,\
instanceNum,attributeNum,frameNum,instanceInfo.=bus,instanceInfo.car,instanceInfo.color,instanceInfo.id\r\n\
'-a,,1146703288430264321,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,,3,0,3,1,2,,\r\n\
'-a,,-7,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,'=night/0007.jpg,0,5,3,,0,5,\r\n\
b,objects/2,9223372036854775807,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,,0,0,3,,,,\r\n\
b,objects/2,4,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,,9007199254740993,1,3,,9007199254740993,,1\r\n";

const LONG: &str = "annotationRequestId,countingRule,id,status,campaignId,poolName,poolType,sourceName,operationItem,kind,count,label\r\n\
'-a,,1146703288430264321,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,,'=bus,slot,1,\r\n\
'-a,,1146703288430264321,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,,car,slot,2,\r\n\
'-a,,-7,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,'=night/0007.jpg,color,input,5,\r\n\
b,objects/2,9223372036854775807,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,,,,,\r\n\
b,objects/2,4,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,,car,slot,9007199254740993,\r\n\
b,objects/2,4,11,'=cmd|'/c calc'!A0,\"pool, \"\"complete\"\"\",5,,id,input,1,\r\n";

#[test]
fn csv_has_a_column_for_each_item_or_a_line_for_each() {
    for (layout, expected) in [(Layout::Wide, WIDE), (Layout::Long, LONG)] {
        assert_eq!(export(options(ExportFormat::Csv, layout), &tasks()).unwrap().text(), expected);
    }
    let marked = ExportOptions { byte_order_mark: true, ..ExportOptions::of(ExportFormat::Csv) };
    assert_eq!(export(marked, &tasks()).unwrap().text(), format!("\u{feff}{WIDE}"));
}

#[test]
fn json_lines_read_back_as_they_were_and_a_part_of_them_does_not() {
    let written = export(ExportOptions::of(ExportFormat::JsonLines), &tasks()).unwrap();
    let read: Vec<RecordedTask> = JsonLines::new(written.bytes().as_slice()).map(Result::unwrap).collect();
    let what =
        |task: &RecordedTask| (task.annotation_request_id.clone(), task.counting_rule.clone(), task.statistics.clone());
    assert_eq!(read.iter().map(what).collect::<Vec<_>>(), tasks().iter().map(what).collect::<Vec<_>>());

    for taken in 0..tasks().len() {
        let written = Written::default();
        let mut target = ExportOptions::of(ExportFormat::JsonLines).target(clock, written.clone());
        target.begin(&summary(&tasks())).unwrap();
        tasks().iter().take(taken).for_each(|task| target.take(task).unwrap());
        drop(target);
        let read: Vec<_> = JsonLines::new(written.bytes().as_slice()).collect();
        assert_eq!((read.len(), read.iter().filter(|line| line.is_err()).count()), (taken + 1, 1), "{taken}");
    }
}

#[test]
fn parquet_has_typed_columns_and_nothing_where_a_task_has_nothing() {
    let written = export(options(ExportFormat::Parquet, Layout::Wide), &tasks()).unwrap();
    let file = SerializedFileReader::new(file(&written)).unwrap();
    let rows: Vec<_> = file.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    let cells: Vec<_> = rows[1].get_column_iter().map(|(name, field)| (name.as_str(), field.clone())).collect();
    let text = |text: &str| Field::Str(text.into());
    let expected = [
        ("annotationRequestId", text("-a")),
        ("countingRule", Field::Null),
        ("id", Field::Long(-7)),
        ("status", Field::Int(11)),
        ("campaignId", text("=cmd|'/c calc'!A0")),
        ("poolName", text("pool, \"complete\"")),
        ("poolType", Field::Int(5)),
        ("sourceName", text("=night/0007.jpg")),
        ("instanceNum", Field::Long(0)),
        ("attributeNum", Field::Long(5)),
        ("frameNum", Field::Long(3)),
        ("instanceInfo.=bus", Field::Null),
        ("instanceInfo.car", Field::Long(0)),
        ("instanceInfo.color", Field::Long(5)),
        ("instanceInfo.id", Field::Null),
    ];
    assert_eq!((rows.len(), cells.as_slice()), (4, &expected[..]));
}

#[test]
fn parquet_says_what_it_is_of_and_when_it_was_made() {
    let written = export(ExportOptions::of(ExportFormat::Parquet), &tasks()).unwrap();
    let file = SerializedFileReader::new(file(&written)).unwrap();
    let metadata = file.metadata().file_metadata().key_value_metadata().unwrap();
    let value = |name: &str| metadata.iter().find(|pair| pair.key == name).unwrap().value.clone().unwrap();
    let request = |id: &str, rule: serde_json::Value| {
        serde_json::json!({
            "annotationRequestId": id,
            "campaignId": "=cmd|'/c calc'!A0",
            "countingRule": rule,
            "revision": 1_764_504_000_123_456_i64,
            "changedAt": "2025-11-30T12:00:00.123456Z",
        })
    };
    let requests: serde_json::Value = serde_json::from_str(&value("annotationRequests")).unwrap();
    assert_eq!(value("exportedAt"), "2026-11-30T12:00:00Z");
    assert_eq!(requests, serde_json::json!([request("-a", serde_json::Value::Null), request("b", "objects/2".into())]));
}

#[test]
fn a_long_parquet_file_of_many_groups_has_every_line() {
    let many: Vec<_> =
        (0..70_000).map(|id| task("a", id, &[("car", id), ("bus", 1)][..=usize::from(id % 2 == 0)], 1)).collect();
    let written = export(options(ExportFormat::Parquet, Layout::Long), &many).unwrap();
    let file = SerializedFileReader::new(file(&written)).unwrap();
    assert_eq!(file.metadata().num_row_groups(), 2);
    let count = |row: parquet::record::Row| match row.get_column_iter().find(|(name, _)| *name == "count") {
        Some((_, Field::Long(count))) => *count,
        _ => 0,
    };
    let sum: i64 = file.get_row_iter(None).unwrap().map(|row| count(row.unwrap())).sum();
    assert_eq!(sum, 69_999 * 70_000 / 2 + 35_000);
}

#[test]
fn an_export_of_nothing_is_a_file_with_the_names_of_its_columns() {
    let empty = |format| export(ExportOptions::of(format), &[]).unwrap();
    let names = "annotationRequestId,countingRule,id,status,campaignId,poolName,poolType,sourceName,instanceNum,attributeNum,frameNum";
    assert_eq!(empty(ExportFormat::Csv).text(), format!("{names}\r\n"));
    assert_eq!(empty(ExportFormat::JsonLines).text(), "");
    let file = SerializedFileReader::new(file(&empty(ExportFormat::Parquet))).unwrap();
    assert_eq!(file.get_row_iter(None).unwrap().count(), 0);
}

#[test]
fn what_no_sheet_or_table_holds_is_refused_before_anything_is_written() {
    let keys: Vec<String> = (0..10_000).map(|key| format!("{key:05}")).collect();
    let items: Vec<(&str, i64)> = keys.iter().map(|key| (key.as_str(), 1)).collect();
    let more: Vec<String> = (10_000..16_374).map(|key| format!("{key:05}")).collect();
    let more: Vec<(&str, i64)> = more.iter().map(|key| (key.as_str(), 1)).collect();
    let wide = [task("a", 1, &items, 1), task("a", 2, &more, 1)];
    for format in [ExportFormat::Csv, ExportFormat::Xlsx, ExportFormat::Parquet] {
        let error = export(options(format, Layout::Wide), &wide).err().unwrap();
        let error = error.downcast_ref::<TooLarge>().unwrap();
        assert_eq!(*error, TooLarge::Columns { columns: 16_385, max: 16_384 }, "{format}");
    }
    // One column fewer fits; and lines have no limit of columns.
    assert!(export(options(ExportFormat::Csv, Layout::Wide), &[wide[0].clone(), task("a", 2, &more[1..], 1)]).is_ok());
    assert!(export(options(ExportFormat::Csv, Layout::Long), &wide).is_ok());
    assert!(export(options(ExportFormat::JsonLines, Layout::Wide), &wide).is_ok());
}

#[test]
fn more_lines_than_a_sheet_has_are_refused_before_the_first() {
    let request = &summary(&[task("a", 1, &[], 0)]).requests()[0].0.clone();
    for (tasks, refused) in [(1_048_575, None), (1_048_576, Some(TooLarge::Lines { lines: 1_048_577, max: 1_048_576 }))]
    {
        let mut many = request.clone();
        (many.task_count, many.groups[0].2.tasks) = (tasks, tasks);
        let written = Written::default();
        let begun = annotation_statistics_domain::Summary::new(vec![many], vec![]).unwrap();
        let begun = options(ExportFormat::Xlsx, Layout::Wide).target(clock, written.clone()).begin(&begun);
        assert_eq!(begun.err().map(|error| *error.downcast_ref::<TooLarge>().unwrap()), refused);
        assert_eq!(written.bytes(), b"");
    }
}

fn file(written: &Written) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&written.bytes()).unwrap();
    file
}
