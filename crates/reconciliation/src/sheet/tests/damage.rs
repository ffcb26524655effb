//! No file, however damaged, does more than be refused.

use super::{read_with, utf16};
use crate::sheet::{SheetFormat, SheetOptions};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const PIECES: &str = "(id|car|count|item|total|sep=|instances|\\{|\\}|\\[|\"|:|,|;|\t|\\||\n|\r|'|=|-|\\.|[0-9]{1,20}| |é|\u{feff}|1\\.234|5,0){0,60}";

static WORKBOOK: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(["id", "item", "count"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    for row in 1..30 {
        sheet.write_number(row, 0, row).unwrap();
        sheet.write_string(row, 1, format!("item {row}")).unwrap();
        sheet.write_number(row, 2, row).unwrap();
    }
    workbook.save_to_buffer().unwrap()
});

/// The same with the parts changed before they are packed.
fn repacked(mut change: impl FnMut(usize, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(WORKBOOK.as_slice())).unwrap();
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        written.start_file(part.name().unwrap(), options).unwrap();
        written.write_all(&change(at, bytes)).unwrap();
    }
    written.finish().unwrap().into_inner()
}

/// It ends, and reads the same twice.
fn reads(file: &[u8], format: Option<SheetFormat>) {
    let options = SheetOptions { format, ..SheetOptions::default() };
    let [first, second] = [(); 2].map(|()| format!("{:?}", read_with(file, &options)));
    assert_eq!(first, second);
}

proptest! {
    #[test]
    fn any_bytes_are_a_sheet_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for format in [None, Some(SheetFormat::Csv), Some(SheetFormat::Xlsx), Some(SheetFormat::JsonLines)] {
            reads(&bytes, format);
        }
    }

    #[test]
    fn any_text_is_a_sheet_or_refused(text in PIECES) {
        for bytes in [text.as_bytes().to_vec(), utf16(&text, u16::to_le_bytes)] {
            reads(&bytes, Some(SheetFormat::Csv));
            reads(&bytes, Some(SheetFormat::JsonLines));
        }
        reads(format!("id,item,count\n{text}").as_bytes(), None);
        reads(format!("{{\"id\":1,\"car\":{text}}}").as_bytes(), None);
    }

    #[test]
    fn any_change_of_a_workbook_is_a_sheet_or_refused(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut file = WORKBOOK.clone();
        for (place, byte) in changes {
            let at = place.index(file.len());
            file[at] = byte;
        }
        reads(&file, Some(SheetFormat::Xlsx));
    }

    #[test]
    fn any_change_of_what_is_packed_in_a_workbook_is_a_sheet_or_refused(
        changed in 0_usize..12,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), "[ -~]|[<>/\"= 0-9A-Za-z]{1,12}|99999999999"), 1..4),
    ) {
        let file = repacked(|at, mut part| {
            for (place, text) in changes.iter().filter(|_| at == changed) {
                let place = place.index(part.len().max(1));
                let end = (place + text.len()).min(part.len());
                part.splice(place.min(end)..end, text.bytes());
            }
            part
        });
        reads(&file, None);
    }
}
