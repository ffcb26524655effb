//! Workbooks of lines that others make, read back.

use annotation_statistics_exports::{Cell, Column, ExportFormat, Kind, LinesWorkbook, SummaryCell, TooLarge};
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

fn workbook() -> LinesWorkbook {
    let column = |name: &str, kind| Column { name: name.to_owned(), kind };
    let columns = vec![column("id", Kind::Id), column("label", Kind::OptionalText), column("delta", Kind::Count)];
    LinesWorkbook::new("Lines", columns).unwrap()
}

fn sheet(bytes: &[u8], name: &str) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = workbook.worksheet_range(name).unwrap();
    sheet.rows().map(<[Data]>::to_vec).collect()
}

fn text(text: &str) -> Data {
    Data::String(text.to_owned())
}

#[test]
fn numbers_are_exact_and_texts_are_no_formulas() {
    let exact = 999_999_999_999_999;
    let mut workbook = workbook();
    workbook.line(&[Cell::Id(1_146_703_288_430_264_301), Cell::Text("=1+1"), Cell::Count(-exact)]).unwrap();
    workbook.line(&[Cell::Id(-7), Cell::Nothing, Cell::Count(-exact - 1)]).unwrap();
    let largest = 3 * i128::from(i64::MAX);
    let summary = [
        vec![SummaryCell::Title("What differs"), SummaryCell::Heading("delta"), SummaryCell::Text("=2+2")],
        [-largest, i128::from(-exact), 5].map(SummaryCell::Number).to_vec(),
    ];
    let mut bytes = Vec::new();
    workbook.finish("What differs", &summary, &mut bytes).unwrap();
    let expected = [
        vec![text("id"), text("label"), text("delta")],
        vec![text("1146703288430264301"), text("=1+1"), Data::Float(-999_999_999_999_999.0)],
        vec![text("-7"), Data::Empty, text("-1000000000000000")],
    ];
    assert_eq!(sheet(&bytes, "Lines"), expected);
    let expected = [
        vec![text("What differs"), text("delta"), text("=2+2")],
        vec![text("-27670116110564327421"), Data::Float(-999_999_999_999_999.0), Data::Float(5.0)],
    ];
    assert_eq!(sheet(&bytes, "Summary"), expected);
}

#[test]
fn more_lines_than_a_sheet_has_are_refused_with_what_to_do() {
    let max = ExportFormat::Xlsx.max_lines().unwrap();
    let mut workbook = workbook();
    // The names of the columns are the first one.
    for _ in 1..max {
        workbook.line(&[]).unwrap();
    }
    let refused = workbook.line(&[]).unwrap_err();
    let expected = "the differences are too many for xlsx: a sheet has at most 1048576 lines, these have 1048577 or more; \
                    take csv";
    assert!(refused.is::<TooLarge>());
    assert_eq!(refused.to_string(), expected);
}
