//! Texts of clients that a spreadsheet could take for something else, or that its format cannot have as they are.

use crate::sample::{Written, clock, export, task};
use annotation_statistics_domain::{CampaignId, Summary, SummaryQuery, TaskFilter};
use annotation_statistics_exports::{ExportFormat, ExportOptions};
use calamine::{Data, Reader, Xlsx};
use std::io::{Cursor, Read};

/// What a cell has to show, character by character.
const TEXTS: [&str; 18] = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "'=1",
    "=HYPERLINK(\"https://evil.example\")",
    "=cmd|'/c calc'!A0",
    "a\u{1}b\u{1f}c",
    "_x0041_",
    "_x005F_x0041_",
    "</t><f>1</f>",
    "]]>&amp;",
    " at its ends ",
    "\u{202e}מרכבה🚗",
    "007",
];

fn cells(written: &Written, sheet: &str) -> Vec<Data> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(written.bytes())).unwrap();
    workbook.worksheet_range(sheet).unwrap().used_cells().map(|(_, _, cell)| cell.clone()).collect()
}

#[test]
fn every_text_is_the_same_text_in_the_cells_of_a_workbook() {
    let longest = "é".repeat(512);
    for text in TEXTS.into_iter().chain([longest.as_str()]) {
        let tasks = [task(text.get(..254).unwrap_or(text), 1, &[(text, 2)], 1)];
        let written = export(ExportOptions::of(ExportFormat::Xlsx), &tasks).unwrap();
        for sheet in ["Summary", "Items"] {
            let shown = cells(&written, sheet);
            assert!(shown.contains(&Data::String(text.to_owned())), "{text:?} in {sheet}: {shown:?}");
        }
    }
}

#[test]
fn a_number_of_more_digits_than_a_spreadsheet_keeps_is_a_text() {
    for (count, is_number) in [(999_999_999_999_999, true), (1_000_000_000_000_000, false)] {
        let written = export(ExportOptions::of(ExportFormat::Xlsx), &[task("a", 1, &[("car", count)], 1)]).unwrap();
        for sheet in ["Summary", "Tasks", "Items"] {
            let cells = cells(&written, sheet);
            assert_eq!(cells.contains(&Data::String(count.to_string())), !is_number, "{count} in {sheet}: {cells:?}");
        }
        let revision = Data::String("1764504000123456".to_owned());
        assert!(cells(&written, "Summary").contains(&revision), "it has 16 digits");
    }
}

/// A cell has at most 32,767 characters, and a property 255.
#[test]
fn a_filter_that_is_longer_than_a_cell_takes_several() {
    let campaign = |number: usize| CampaignId::new(format!("{number:04}{}", "c".repeat(251))).unwrap();
    let filter = TaskFilter { campaigns: (0..240).map(campaign).collect(), ..TaskFilter::default() };
    let query = SummaryQuery { filter, ..SummaryQuery::default() };
    let summary = Summary::of_cells(Vec::new(), Vec::new(), &query).unwrap();
    let written = Written::default();
    let mut target = ExportOptions::of(ExportFormat::Xlsx).target(clock, written.clone());
    target.begin(&summary).unwrap();
    target.finish().unwrap();
    let shown: Vec<String> = cells(&written, "Summary").iter().map(ToString::to_string).collect();
    for number in 0..240 {
        let named = format!("campaignId={}", campaign(number));
        assert!(shown.iter().any(|cell| cell.contains(&named)), "{number} is not there");
    }
    assert!(shown.iter().all(|cell| cell.chars().count() <= 1_000));
    let mut archive = zip::ZipArchive::new(Cursor::new(written.bytes())).unwrap();
    let mut properties = String::new();
    archive.by_name("docProps/custom.xml").unwrap().read_to_string(&mut properties).unwrap();
    assert!(properties.contains("name=\"filter\"><vt:lpwstr>see the sheet Summary</vt:lpwstr>"), "{properties}");
}
