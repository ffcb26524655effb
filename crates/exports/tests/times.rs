//! When a file was made: in UTC, and in the time zone of its reader where that is known.

use crate::sample::{Written, clock, export_at, in_zone, summary, tasks};
use annotation_statistics_domain::TaskFilter;
use annotation_statistics_exports::{ExportFormat, ExportOptions, Provenance, SummaryFile, SummaryFormat};
use calamine::{Reader, Xlsx};
use jiff::ZonedDateTime;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::fs::File;
use std::io::{Cursor, Read, Write};

fn written(format: ExportFormat, time: ZonedDateTime) -> Written {
    export_at(time, ExportOptions::of(format), &summary(&tasks()), &tasks()).unwrap()
}

/// The first two cells of the lines of the first sheet that are about the time.
fn first_lines(bytes: Vec<u8>) -> Vec<String> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = workbook.worksheet_range("Summary").unwrap();
    let lines = sheet.rows().map(|row| format!("{}|{}", row[0], row[1]));
    lines.filter(|line| line.starts_with("Exported at")).collect()
}

/// The times among the properties of a workbook, by their names.
fn properties(bytes: Vec<u8>) -> Vec<(&'static str, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name("docProps/custom.xml").unwrap().read_to_string(&mut text).unwrap();
    let value = |name: &'static str| {
        let (_, rest) = text.split_once(&format!("name=\"{name}\"><vt:lpwstr>"))?;
        Some((name, rest.split('<').next()?.to_owned()))
    };
    ["exportedAt", "exportedAtLocal"].into_iter().filter_map(value).collect()
}

/// Those among the key-value pairs of a Parquet file.
fn pairs(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let mut file: File = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let value = |name: &'static str| Some((name, pairs.iter().find(|pair| pair.key == name)?.value.clone()?));
    ["exportedAt", "exportedAtLocal"].into_iter().filter_map(value).collect()
}

#[test]
fn files_say_when_they_were_made_in_utc_and_in_the_zone_of_their_reader() {
    let utc = ("exportedAt", "2026-11-30T12:00:00Z".to_owned());
    let line = "Exported at (UTC)|46356.5";
    for (zone, expected, expected_line) in [
        ("UTC", None, None),
        (
            "Europe/Berlin",
            Some("2026-11-30T13:00:00+01:00[Europe/Berlin]"),
            Some("Exported at (Europe/Berlin)|2026-11-30 13:00:00 +01:00"),
        ),
        (
            "Asia/Kolkata",
            Some("2026-11-30T17:30:00+05:30[Asia/Kolkata]"),
            Some("Exported at (Asia/Kolkata)|2026-11-30 17:30:00 +05:30"),
        ),
    ] {
        let expected: Vec<_> = [Some(utc.clone()), expected.map(|local| ("exportedAtLocal", local.to_owned()))]
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(pairs(&written(ExportFormat::Parquet, in_zone(zone)).bytes()), expected, "{zone}");
        let workbook = written(ExportFormat::Xlsx, in_zone(zone)).bytes();
        assert_eq!(properties(workbook.clone()), expected, "{zone}");
        let lines: Vec<_> = [Some(line), expected_line].into_iter().flatten().collect();
        assert_eq!(first_lines(workbook), lines, "{zone}");
        let sums = SummaryFile {
            summary: summary(&tasks()),
            filter: TaskFilter::default(),
            format: SummaryFormat::Xlsx,
            byte_order_mark: false,
            exported_at: in_zone(zone),
        };
        assert_eq!(properties(sums.write().unwrap()), expected, "{zone}");
    }
}

#[test]
fn the_zone_of_a_reader_is_in_no_table() {
    for format in [ExportFormat::Csv, ExportFormat::JsonLines] {
        assert_eq!(written(format, in_zone("Europe/Berlin")).bytes(), written(format, clock()).bytes(), "{format}");
    }
}

#[test]
fn a_time_names_its_zone_where_that_is_known() {
    let stated = |time: ZonedDateTime| {
        let provenance = Provenance::new(&summary(&tasks()), time);
        (provenance.exported_at_text(), provenance.exported_at_local_text())
    };
    let utc = "2026-11-30T12:00:00Z".to_owned();
    assert_eq!(stated(clock()), (utc.clone(), None));
    let singapore = "2026-11-30T20:00:00+08:00[Asia/Singapore]".to_owned();
    assert_eq!(stated(in_zone("Asia/Singapore")), (utc, Some(singapore)));
}
