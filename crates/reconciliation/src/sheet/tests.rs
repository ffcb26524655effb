//! Sheets as people make them, and what is read of them.

mod csv;
mod damage;
mod exports;
mod json_lines;
mod numbers;
mod refused;
mod workbooks;

use super::{Sheet, SheetError, SheetOptions, SheetTasks, StatedMeasure};
use crate::ItemNames;
use annotation_statistics_domain::{ItemLabel, OperationItemKey};
use std::io::Cursor;

/// `car` and `bus`, and two items of which both have the label `Sign`; `car` has the label `Car, private`.
pub(super) fn names() -> ItemNames {
    let labels = [("car", Some("Car, private")), ("bus", None), ("sign-1", Some("Sign")), ("sign-2", Some("Sign"))];
    let items = labels.map(|(key, label)| {
        let label = label.map(|label| ItemLabel::new(label).unwrap());
        (OperationItemKey::new(key).unwrap(), label)
    });
    ItemNames::new(items.iter().map(|(key, label)| (key, label.as_ref())))
}

pub(super) fn read_with(sheet: impl AsRef<[u8]>, options: &SheetOptions) -> Result<Sheet, SheetError> {
    Sheet::read(Cursor::new(sheet.as_ref()), options, &names())
}

pub(super) fn read(sheet: impl AsRef<[u8]>) -> Result<Sheet, SheetError> {
    read_with(sheet, &SheetOptions::default())
}

/// The values of a sheet, a text each: the line, the task, what was counted, and how many.
pub(super) fn values(sheet: &Sheet) -> Vec<String> {
    let value = |stated: &super::Stated| {
        let task = match &sheet.tasks {
            SheetTasks::None => "all".to_owned(),
            SheetTasks::Ids => stated.task.to_string(),
            SheetTasks::SourceNames(names) => names[usize::try_from(stated.task).unwrap()].to_string(),
        };
        let measure = match stated.measure {
            StatedMeasure::Item(item) => &sheet.items[usize::from(item)],
            StatedMeasure::Instances => "instances",
            StatedMeasure::Attributes => "attributes",
            StatedMeasure::Frames => "frames",
        };
        format!("{}: {task} {measure} {}", stated.line, stated.count)
    };
    sheet.stated.iter().map(value).collect()
}

/// What is read of a sheet that is not refused.
pub(super) fn values_of(sheet: impl AsRef<[u8]>) -> Vec<String> {
    match read(sheet.as_ref()) {
        Ok(sheet) => values(&sheet),
        Err(error) => vec![error.to_string()],
    }
}

/// A sheet in UTF-16 with a byte order mark.
pub(super) fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect()
}
