//! Reads whole workbooks back, and adds up what their formulas name.

use crate::sample::{Written, export, task, tasks};
use annotation_statistics_domain::RecordedTask;
use annotation_statistics_exports::{ExportFormat, ExportOptions, Layout};
use calamine::{Data, Range, Reader, Xlsx};
use std::io::{Cursor, Read};

type Workbook = Xlsx<Cursor<Vec<u8>>>;

fn workbook(layout: Layout, tasks: &[RecordedTask]) -> (Workbook, Written) {
    let options = ExportOptions { layout, ..ExportOptions::of(ExportFormat::Xlsx) };
    let written = export(options, tasks).unwrap();
    (Xlsx::new(Cursor::new(written.bytes())).unwrap(), written)
}

fn lines(range: &Range<Data>) -> Vec<String> {
    range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")).collect()
}

fn sheet(workbook: &mut Workbook, name: &str) -> Vec<String> {
    lines(&workbook.worksheet_range(name).unwrap())
}

/// A part of the file, which is a ZIP archive.
fn part(written: &Written, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(written.bytes())).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

const TASKS: [&str; 5] = [
    "annotationRequestId|countingRule|id|status|campaignId|poolName|poolType|sourceName|instanceNum|attributeNum|frameNum|\
     instanceInfo.=bus|instanceInfo.car|instanceInfo.color|instanceInfo.id",
    "-a||1146703288430264321|11|=cmd|'/c calc'!A0|pool, \"complete\"|5||3|0|3|1|2||",
    "-a||-7|11|=cmd|'/c calc'!A0|pool, \"complete\"|5|=night/0007.jpg|0|5|3||0|5|",
    "b|objects/2|9223372036854775807|11|=cmd|'/c calc'!A0|pool, \"complete\"|5||0|0|3||||",
    "b|objects/2|4|11|=cmd|'/c calc'!A0|pool, \"complete\"|5||9007199254740993|1|3||9007199254740993||1",
];

const ITEMS: [&str; 7] = [
    "annotationRequestId|countingRule|id|status|campaignId|poolName|poolType|sourceName|operationItem|kind|count|frameNum|label",
    "-a||1146703288430264321|11|=cmd|'/c calc'!A0|pool, \"complete\"|5||=bus|slot|1|3|",
    "-a||1146703288430264321|11|=cmd|'/c calc'!A0|pool, \"complete\"|5||car|slot|2||",
    "-a||-7|11|=cmd|'/c calc'!A0|pool, \"complete\"|5|=night/0007.jpg|color|input|5|3|",
    "b|objects/2|9223372036854775807|11|=cmd|'/c calc'!A0|pool, \"complete\"|5|||||3|",
    "b|objects/2|4|11|=cmd|'/c calc'!A0|pool, \"complete\"|5||car|slot|9007199254740993|3|",
    "b|objects/2|4|11|=cmd|'/c calc'!A0|pool, \"complete\"|5||id|input|1||",
];

const SUMMARY: [&str; 20] = [
    "Annotation statistics||||||||",
    "Exported at (UTC)|46356.5|||||||",
    "||||||||",
    "Total|||||Tasks|Instances|Attributes|Frames",
    "All annotation requests|||||4|9007199254740996|6|12",
    "||||||||",
    "Annotation request|Campaign|Counting rule|Revision|Changed (UTC)|Tasks|Instances|Attributes|Frames",
    "-a|=cmd|'/c calc'!A0||1764504000123456|45991.5|2|3|5|6",
    "b|=cmd|'/c calc'!A0|objects/2|1764504000123456|45991.5|2|9007199254740993|1|6",
    "||||||||",
    "Pool|Pool type|Status|||Tasks|Instances|Attributes|Frames",
    "complete|5|11|labels approved||4|9007199254740996|6|12",
    "||||||||",
    "Operation item|Kind|Label|||Tasks|Count||",
    "=bus|slot||||1|1||",
    "car|slot||||2|9007199254740995||",
    "color|input||||1|5||",
    "id|input||||1|1||",
    "||||||||",
    "Legend||||||||",
];

#[test]
fn a_workbook_has_the_sums_the_tasks_and_their_items() {
    let (mut wide, _) = workbook(Layout::Wide, &tasks());
    assert_eq!(wide.sheet_names(), ["Summary", "Tasks", "Items"]);
    assert_eq!(sheet(&mut wide, "Tasks"), TASKS);
    assert_eq!(sheet(&mut wide, "Items"), ITEMS);
    assert_eq!(sheet(&mut wide, "Summary")[..SUMMARY.len()], SUMMARY);

    let (mut long, _) = workbook(Layout::Long, &tasks());
    let without_items = TASKS
        .map(|line| line.split('|').take(if line.contains("cmd") { 12 } else { 11 }).collect::<Vec<_>>().join("|"));
    assert_eq!(sheet(&mut long, "Tasks"), without_items);
    assert_eq!(sheet(&mut long, "Items"), ITEMS);
    assert_eq!(sheet(&mut long, "Summary")[..SUMMARY.len()], SUMMARY);
}

/// Numbers of a column between two lines; a text is none.
fn cells<'a>(workbook: &'a Range<Data>, range: &str) -> Vec<&'a Data> {
    let cells: Vec<&str> = range.split('$').collect();
    let letters = cells[1].bytes().fold(0_u32, |sum, letter| sum * 26 + u32::from(letter - b'A' + 1));
    let [first, last] = [cells[2].trim_end_matches(':'), cells[4]].map(|line| line.parse::<u32>().unwrap());
    (first..=last).map(|line| workbook.get_value((line - 1, letters - 1)).unwrap_or(&Data::Empty)).collect()
}

fn number(cell: &Data) -> f64 {
    if let Data::Float(number) = cell { *number } else { 0.0 }
}

/// What a spreadsheet makes of a formula of these kinds.
fn evaluated(workbook: &mut Workbook, formula: &str) -> f64 {
    let (function, arguments) = formula.trim_end_matches(')').split_once('(').unwrap();
    let summary = workbook.worksheet_range("Summary").unwrap();
    let sheets: Vec<_> = ["Tasks", "Items"].map(|name| (name, workbook.worksheet_range(name).unwrap())).into();
    let column = |range: &str| {
        let (name, _) = range.split_once('!').unwrap();
        cells(&sheets.iter().find(|(known, _)| *known == name).unwrap().1, range)
    };
    let count = |are: Vec<bool>| are.into_iter().map(|is| if is { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
    let all = |conditions: &[&str]| {
        let each = conditions.chunks(2).map(|pair| {
            column(pair[0])
                .into_iter()
                .map(|cell| (number(cell) - pair[1].parse::<f64>().unwrap()).abs() < 0.5)
                .collect::<Vec<_>>()
        });
        count(each.reduce(|one, other| one.iter().zip(other).map(|(one, other)| *one && other).collect()).unwrap())
    };
    let weighted = |weights: Vec<f64>, range: &str| {
        weights.iter().zip(column(range)).map(|(weight, cell)| weight * number(cell)).sum()
    };
    let arguments: Vec<&str> = arguments.split(',').collect();
    match (function, arguments.as_slice()) {
        ("SUM", [range]) => column(range).into_iter().map(number).sum(),
        ("COUNTA", [range]) => count(column(range).iter().map(|cell| **cell != Data::Empty).collect()).iter().sum(),
        ("COUNTIF", [range, "\">0\""]) => {
            count(column(range).into_iter().map(|cell| number(cell) > 0.0).collect()).iter().sum()
        }
        ("COUNTIFS", conditions) => all(conditions).iter().sum(),
        ("SUMIFS", [range, conditions @ ..]) => weighted(all(conditions), range),
        ("SUMPRODUCT", [exact, cell, more @ ..]) => {
            let line: u32 = cell.trim_start_matches("$A").trim_end_matches(')').parse().unwrap();
            let text = summary.get_value((line - 1, 0)).unwrap();
            let is_item =
                count(column(exact.trim_start_matches("--EXACT(")).into_iter().map(|cell| cell == text).collect());
            more.first().map_or_else(|| is_item.iter().sum(), |range| weighted(is_item.clone(), range))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn sums_are_formulas_whose_values_agree() {
    let many: Vec<_> = (0..50)
        .map(|id| {
            task(if id < 30 { "a" } else { "b" }, id, &[("Car", id % 3), ("car", 2), ("c*", id), ("color", 4)], 3)
        })
        .collect();
    // All sums of tasks, requests and groups, and two for each item; those of what no number holds are texts.
    for (layout, tasks, formulas) in [
        (Layout::Wide, many.as_slice(), 4 * 4 + 2 * 4),
        (Layout::Long, many.as_slice(), 4 * 4 + 2 * 4),
        (Layout::Wide, &tasks(), 4 * 4 - 3 + 2 * 3),
        (Layout::Long, &tasks(), 4 * 4 - 3 + 2 * 3),
    ] {
        let (mut workbook, _) = workbook(layout, tasks);
        let written = workbook.worksheet_formula("Summary").unwrap();
        let values = workbook.worksheet_range("Summary").unwrap();
        let start = written.start().unwrap();
        let mut compared = 0;
        for (row, column, formula) in written.used_cells() {
            let at = (start.0 + u32::try_from(row).unwrap(), start.1 + u32::try_from(column).unwrap());
            let expected = number(values.get_value(at).unwrap());
            assert!((evaluated(&mut workbook, formula) - expected).abs() < 0.5, "{formula} is {expected}");
            compared += 1;
        }
        assert_eq!(compared, formulas, "{layout}");
        for sheet in ["Tasks", "Items"] {
            assert!(workbook.worksheet_formula(sheet).unwrap().is_empty(), "no text becomes a formula");
        }
    }
}

#[test]
fn sheets_are_made_for_the_screen_and_for_paper() {
    let (_, written) = workbook(Layout::Wide, &tasks());
    for (name, filter) in [("sheet2", "A1:O5"), ("sheet3", "A1:M7")] {
        let sheet = part(&written, &format!("xl/worksheets/{name}.xml"));
        for expected in [
            "<pane xSplit=\"3\" ySplit=\"1\" topLeftCell=\"D2\"",
            &format!("<autoFilter ref=\"{filter}\"/>"),
            "orientation=\"landscape\"",
            "fitToHeight=\"0\"",
            "paperSize=\"9\"",
            "&amp;P / &amp;N",
            "<c r=\"K2\" s=\"",
            // The id has 19 digits.
            "<col min=\"3\" max=\"3\" width=\"20.7109375\" customWidth=\"1\"/>",
        ] {
            assert!(sheet.contains(expected), "{name}: {expected}: {}", &sheet[..1_000]);
        }
    }
    let book = part(&written, "xl/workbook.xml");
    assert!(book.contains("Tasks!$1:$1") && book.contains("Items!$1:$1"), "{book}");
    assert!(part(&written, "xl/styles.xml").contains("formatCode=\"#,##0\""), "thousands are separated");
}

#[test]
fn a_workbook_says_what_it_is_of_and_when_it_was_made() {
    let (_, of_two) = workbook(Layout::Wide, &tasks());
    assert!(part(&of_two, "docProps/core.xml").contains("2026-11-30T12:00:00Z"));
    let custom = |written: &Written| part(written, "docProps/custom.xml");
    assert!(custom(&of_two).contains("name=\"annotationRequests\"><vt:i4>2</vt:i4>"), "{}", custom(&of_two));
    let (_, of_one) = workbook(Layout::Wide, &tasks()[2..]);
    for (name, value) in [
        ("exportedAt", "2026-11-30T12:00:00Z"),
        ("annotationRequestId", "b"),
        ("campaignId", "=cmd|&apos;/c calc&apos;!A0"),
        ("countingRule", "objects/2"),
        ("revision", "1764504000123456"),
        ("changedAt", "2025-11-30T12:00:00.123456Z"),
    ] {
        let value = value.replace("&apos;", "'");
        assert!(
            custom(&of_one).contains(&format!("name=\"{name}\"><vt:lpwstr>{value}</vt:lpwstr>")),
            "{}",
            custom(&of_one)
        );
    }
}

#[test]
fn a_workbook_of_nothing_has_its_sheets_and_no_formula() {
    let (mut empty, _) = workbook(Layout::Wide, &[]);
    assert_eq!(empty.worksheet_range("Tasks").unwrap().get_size(), (1, 11));
    assert_eq!(sheet(&mut empty, "Summary")[4], "All annotation requests|||||0|0|0|0");
    assert!(empty.worksheet_formula("Summary").unwrap().is_empty());
}
