//! XLSX as spreadsheets write it, and as they do not.

use super::{read, read_with, values, values_of};
use crate::sheet::{SheetFormat, SheetLimits, SheetOptions};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, XlsxError};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A cell that is not text.
enum Cell {
    Text(&'static str),
    Number(f64),
    Formula(&'static str, &'static str),
    Date,
    Truth,
}

use Cell::{Date, Number, Text, Truth};

/// A workbook with these worksheets.
fn workbook(worksheets: &[(&str, &[&[Cell]])]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in worksheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                let date = ExcelDateTime::from_ymd(2026, 11, 30).unwrap();
                let written: Result<_, XlsxError> = match cell {
                    Text("") => continue,
                    Text(text) => sheet.write_string(row, column, *text),
                    Number(number) => sheet.write_number(row, column, *number),
                    Cell::Formula(formula, result) => {
                        sheet.write_formula(row, column, Formula::new(*formula).set_result(*result))
                    }
                    Date => sheet.write_datetime_with_format(
                        row,
                        column,
                        &date,
                        &Format::new().set_num_format("yyyy-mm-dd"),
                    ),
                    Truth => sheet.write_boolean(row, column, true),
                };
                written.unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// The usual header with one line of cells.
fn line(id: Cell, count: Cell) -> Vec<u8> {
    workbook(&[("Sheet1", &[&[Text("id"), Text("instances")], &[id, count]])])
}

#[test]
fn a_worksheet_is_read_with_numbers_as_numbers_or_as_text() {
    let sheet: &[&[Cell]] = &[
        &[Text("Invoice 7")],
        &[],
        &[Text(""), Text("Instances"), Text("Task ID"), Text("Day")],
        &[Text(""), Number(12.0), Text("1740000000000000123"), Date],
        &[Text("x"), Text("1,234"), Number(-7.0), Truth],
        &[Text(""), Cell::Formula("=1+2", "3"), Number(999_999_999_999_999.0)],
        &[Text(""), Text("1,234,567"), Text(" 8 ")],
        &[Text("Total"), Number(1_235_816.0)],
    ];
    let file = workbook(&[("Notes", &[&[Text("a"), Text("b")]]), ("Counts", sheet)]);
    let sheet = read(&file).unwrap();
    let expected = [
        "4: 1740000000000000123 instances 12",
        "5: -7 instances 1234",
        "6: 999999999999999 instances 3",
        "7: 8 instances 1234567",
    ];
    assert_eq!(values(&sheet), expected);
    assert_eq!(sheet.ignored_columns, ["Day"]);
    assert!(sheet.control_total.is_some_and(|total| total.agrees && total.line == 8));
    let of = |worksheet: &str| SheetOptions { worksheet: Some(worksheet.to_owned()), ..SheetOptions::default() };
    let refused = |worksheet| read_with(&file, &of(worksheet)).unwrap_err().to_string();
    assert!(refused("Notes").starts_with("line 1: has no columns that are understood, but \"a\", \"b\"; "));
    assert_eq!(refused("Count"), "has no worksheet Count, but Notes, Counts");
}

#[test]
fn the_first_worksheet_of_tasks_wins_over_one_of_sums() {
    let sums: &[&[Cell]] = &[&[Text("item"), Text("count")], &[Text("car"), Number(1.0)]];
    let tasks: &[&[Cell]] = &[&[Text("id"), Text("car")], &[Number(7.0), Number(1.0)]];
    assert_eq!(values_of(workbook(&[("Sums", sums), ("Tasks", tasks)])), ["2: 7 car 1"]);
    assert_eq!(values_of(workbook(&[("Sums", sums)])), ["2: all car 1"]);
    let numbers: &[&[Cell]] =
        &[&[Text("file"), Text("item"), Text("count")], &[Number(17.0), Number(5.0), Number(1.0)]];
    assert_eq!(values_of(workbook(&[("Numbers as names", numbers)])), ["2: 17 5 1"]);
}

#[test]
fn a_cell_is_refused_with_its_reason() {
    let rounded = "was rounded by a spreadsheet, which keeps 15 digits of a number: import the file with this column as text, or send \
                   JSON Lines";
    for (file, expected) in [
        (line(Number(1.74e18), Number(1.0)), format!("line 2, column id: 1740000000000000000 {rounded}")),
        (line(Number(1e15), Number(1.0)), format!("line 2, column id: 1000000000000000 {rounded}")),
        (line(Text("1.74E+18"), Number(1.0)), format!("line 2, column id: \"1.74E+18\" {rounded}")),
        (
            line(Number(1.5), Number(1.0)),
            "line 2, column id: 1.5 has decimals: only whole numbers are counts and ids".to_owned(),
        ),
        (
            line(Date, Number(1.0)),
            "line 2, column id: is a date or a time, where the id of a task is wanted".to_owned(),
        ),
        (
            line(Number(7.0), Number(0.1)),
            "line 2, column instances: 0.1 has decimals: only whole numbers are counts and ids".to_owned(),
        ),
        (line(Number(7.0), Number(-1.0)), "line 2, column instances: -1 is negative, which no count is".to_owned()),
        (
            line(Number(7.0), Number(9_007_199_254_740_992.0)),
            format!("line 2, column instances: 9007199254740992 {rounded}"),
        ),
        (
            line(Number(7.0), Truth),
            "line 2, column instances: is true or false, where a whole number is wanted".to_owned(),
        ),
        (
            line(Number(7.0), Date),
            "line 2, column instances: is a date or a time, where a whole number is wanted".to_owned(),
        ),
        (
            line(Number(7.0), Cell::Formula("=1/0", "#DIV/0!")),
            "line 2, column instances: is the error of a formula, where a whole number is wanted".to_owned(),
        ),
    ] {
        assert_eq!(values_of(file), [expected]);
    }
    assert_eq!(values_of(line(Number(7.0), Number(9_007_199_254_740_991.0))), ["2: 7 instances 9007199254740991"]);
}

#[test]
fn what_is_no_workbook_or_a_locked_one_is_refused() {
    let old = "is a workbook with a password or an old one (.xls): save it as .xlsx without a password";
    assert_eq!(values_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), [old]);
    let xlsx = SheetOptions { format: Some(SheetFormat::Xlsx), ..SheetOptions::default() };
    let error = read_with("id,car\n1,2\n", &xlsx).unwrap_err().to_string();
    assert_eq!(error, "is cut off, or is no XLSX workbook");
    let file = line(Number(1.0), Number(2.0));
    for end in (0..file.len()).step_by(100) {
        assert!(read(&file[..end]).is_err(), "{end} bytes");
    }
}

/// A workbook whose part of that name is this text, packed.
fn with_part(name: &str, text: &[u8]) -> Vec<u8> {
    let mut written = ZipWriter::new_append(Cursor::new(line(Number(1.0), Number(2.0)))).unwrap();
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    written.start_file(name, options).unwrap();
    written.write_all(text).unwrap();
    written.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_is_held_to_what_it_unpacks_to() {
    let limits = SheetLimits { max_lines: 10, max_bytes: 4 * 1024 * 1024 };
    let options = SheetOptions { limits, ..SheetOptions::default() };
    let long = vec![b'x'; 1024 * 1024 + 1];
    let pieces = format!("<c>{}</c>", format!("<r><t>{}</t></r>", "x".repeat(1000)).repeat(9_000));
    let texts = "<si/>".repeat(21);
    for (file, expected) in [
        (with_part("xl/media/a.png", &vec![0; 17 * 1024 * 1024]), "cannot be unpacked: it is too large: split it"),
        (with_part("xl/extra.xml", pieces.as_bytes()), "cannot be unpacked: it has a text that is longer than a cell"),
        (with_part("xl/extra.xml", &long), "cannot be unpacked: it has a text that is longer than a cell"),
        (
            with_part("xl/x/styles.xml", "<xf/>".repeat(500_001).as_bytes()),
            "cannot be unpacked: it has too many styles or sheets",
        ),
        (with_part("x/sharedStrings.xml", texts.as_bytes()), "has more than 20 different texts: split it"),
        (
            with_part("x/SharedStrings.xml", b"<a:sst uniqueCount='99999999999999'/>"),
            "has more than 20 different texts: split it",
        ),
    ] {
        assert_eq!(read_with(&file, &options).unwrap_err().to_string(), expected);
    }
    assert_eq!(values(&read_with(with_part("xl/media/a.png", &[0; 1024]), &options).unwrap()), ["2: 1 instances 2"]);
}

#[test]
fn a_workbook_with_too_many_parts_is_refused_before_it_is_listed() {
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for part in 0..4_097 {
        written.start_file(format!("{part}"), SimpleFileOptions::default()).unwrap();
    }
    let file = written.finish().unwrap().into_inner();
    assert_eq!(values_of(file), ["is no workbook: it has too many parts"]);
}
