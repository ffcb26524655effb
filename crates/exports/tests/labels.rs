//! What taxonomies add to tables: labels, kinds, and columns of what no task has.

use crate::sample::{Written, export_with, summary, tasks};
use annotation_statistics_domain::{ItemKind, ItemLabel, OperationItemKey, StatedItem, Summary};
use annotation_statistics_exports::{ExportFormat, ExportOptions, Layout};
use calamine::{Data, Reader, Xlsx};
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::fs::File;
use std::io::{Cursor, Write};

/// The sums of the sample: a car with a label that is a formula, an item without one, and a bicycle that no task has.
fn labelled() -> Summary {
    let stated = |key: &str, label: Option<&str>, kind: ItemKind| StatedItem {
        key: OperationItemKey::new(key).unwrap(),
        label: label.map(|label| ItemLabel::new(label).unwrap()),
        kind: Some(kind),
        is_found: false,
        is_whitelisted: true,
    };
    summary(&tasks()).with_stated_items(vec![
        stated("bicycle", Some("Fahrrad, groß"), ItemKind::Slot),
        stated("car", Some("=Auto"), ItemKind::Slot),
        stated("color", None, ItemKind::Input),
    ])
}

fn written(format: ExportFormat, layout: Layout) -> Written {
    let options = ExportOptions { layout, ..ExportOptions::of(format) };
    export_with(options, &labelled(), &tasks()).unwrap()
}

#[test]
fn a_long_table_has_the_label_of_each_item_in_its_last_column() {
    let text = written(ExportFormat::Csv, Layout::Long).text();
    let ends: Vec<&str> = text.lines().map(|line| line.split_once("\",5,").map_or(line, |(_, end)| end)).collect();
    assert_eq!(
        ends[1..],
        [
            ",'=bus,slot,1,",
            ",car,slot,2,'=Auto",
            "'=night/0007.jpg,color,input,5,",
            ",,,,",
            ",car,slot,9007199254740993,'=Auto",
            ",id,input,1,"
        ]
    );
    assert!(ends[0].ends_with("sourceName,operationItem,kind,count,label"), "{}", ends[0]);
}

#[test]
fn a_wide_table_has_an_empty_column_of_what_no_task_has() {
    let text = written(ExportFormat::Csv, Layout::Wide).text();
    let lines: Vec<&str> = text.lines().collect();
    let names = "frameNum,instanceInfo.=bus,instanceInfo.bicycle,instanceInfo.car,instanceInfo.color,instanceInfo.id";
    assert!(lines[0].ends_with(names), "{}", lines[0]);
    assert!(lines[1].ends_with(",3,0,3,1,,2,,"), "{}", lines[1]);
}

#[test]
fn a_workbook_has_labels_of_items_and_of_sums() {
    let bytes = written(ExportFormat::Xlsx, Layout::Wide).bytes();
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut cells = |sheet: &str, columns: [usize; 3]| {
        let range = workbook.worksheet_range(sheet).unwrap();
        let line = |row: &[Data]| columns.map(|at| row[at].to_string()).join("|");
        range.rows().map(line).collect::<Vec<_>>()
    };
    let items = cells("Items", [8, 11, 12]);
    assert_eq!(
        items,
        ["operationItem|frameNum|label", "=bus|3|", "car||=Auto", "color|3|", "|3|", "car|3|=Auto", "id||"]
    );
    let sums = cells("Summary", [0, 1, 2]);
    let first = sums.iter().position(|line| line == "Operation item|Kind|Label").unwrap();
    assert_eq!(
        sums[first + 1..][..5],
        ["=bus|slot|", "bicycle|slot|Fahrrad, groß", "car|slot|=Auto", "color|input|", "id|input|"]
    );
}

#[test]
fn parquet_says_what_its_operation_items_are_and_json_lines_say_what_was_recorded() {
    let mut file: File = tempfile::tempfile().unwrap();
    file.write_all(&written(ExportFormat::Parquet, Layout::Wide).bytes()).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let items = pairs.iter().find(|pair| pair.key == "operationItems").unwrap().value.clone().unwrap();
    let item =
        |key: &str, kind: &str, label: Option<&str>| serde_json::json!({ "key": key, "kind": kind, "label": label });
    let expected = serde_json::json!([
        item("=bus", "slot", None),
        item("bicycle", "slot", Some("Fahrrad, groß")),
        item("car", "slot", Some("=Auto")),
        item("color", "input", None),
        item("id", "input", None),
    ]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&items).unwrap(), expected);
    let plain = crate::sample::export(ExportOptions::of(ExportFormat::JsonLines), &tasks()).unwrap();
    assert_eq!(written(ExportFormat::JsonLines, Layout::Wide).bytes(), plain.bytes());
}
