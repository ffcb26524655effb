//! The sums of exported files, read back as those who get them read them.

use annotation_statistics_domain::RecordedTask;
use annotation_statistics_formats::JsonLines;
use calamine::{Data, Reader, Xlsx};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};

/// How much there is of each column of counts, or of each operation item, and the number of lines.
pub type Sums = (usize, BTreeMap<String, i64>);

/// A line: the names of its columns, and their values.
type Line = BTreeMap<String, String>;

/// Adds up the columns of counts of a wide table, or the counts of each item of a long one.
pub fn table_sums(lines: &[Line]) -> Sums {
    let mut sums = BTreeMap::new();
    for line in lines {
        if let (Some(item), Some(count)) = (line.get("operationItem"), line.get("count")) {
            if !item.is_empty() {
                *sums.entry(format!("instanceInfo.{item}")).or_default() += count.parse::<i64>().unwrap();
            }
            continue;
        }
        for (name, cell) in line.iter().filter(|(name, cell)| is_count(name) && !cell.is_empty()) {
            *sums.entry(name.clone()).or_default() += cell.parse::<i64>().unwrap();
        }
    }
    (lines.len(), sums)
}

fn is_count(name: &str) -> bool {
    ["instanceNum", "attributeNum", "frameNum"].contains(&name) || name.starts_with("instanceInfo.")
}

/// The lines of CSV without quotation marks in it.
pub fn csv_lines(text: &str) -> Vec<Line> {
    let mut rows = text.trim_start_matches('\u{feff}').split_terminator("\r\n").map(|line| line.split(','));
    let names: Vec<&str> = rows.next().unwrap().collect();
    rows.map(|row| names.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), cell.to_owned())).collect()).collect()
}

/// The lines of a sheet of a workbook: `Tasks` or `Items`.
pub fn xlsx_lines(bytes: &[u8], sheet: &str) -> Vec<Line> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = workbook.worksheet_range(sheet).unwrap();
    let mut rows = sheet.rows();
    let names: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    rows.map(|row| names.iter().cloned().zip(row.iter().map(Data::to_string)).collect()).collect()
}

/// The lines of a Parquet file.
pub fn parquet_lines(bytes: &[u8]) -> Vec<Line> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    let cell = |field: &Field| match (field, field == &Field::Null) {
        (Field::Str(text), _) => text.clone(),
        (_, true) => String::new(),
        (number, false) => number.to_string(),
    };
    rows.map(|row| row.get_column_iter().map(|(name, field)| (name.clone(), cell(field))).collect()).collect()
}

/// The tasks of JSON Lines; none may be broken.
pub fn json_lines(bytes: &[u8]) -> Vec<RecordedTask> {
    JsonLines::new(bytes).map(Result::unwrap).collect()
}
