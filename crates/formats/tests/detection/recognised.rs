//! Recognises the format by the content.

use crate::{read_all, samples};
use annotation_statistics_formats::{CountingRule, Format, ReadErrorKind, ReadOptions, read};

#[test]
fn the_format_of_every_sample_is_recognised_by_its_content() {
    for (format, sample) in samples::ALL {
        let with_mark = format!("\u{feff}{sample}");
        for input in [sample, &with_mark] {
            let found = read(input.as_bytes(), &ReadOptions::default()).unwrap();
            assert_eq!(found.format(), format);
            let counts = read_all(input.as_bytes(), Some(format), CountingRule::Objects);
            assert_eq!(counts, read_all(input.as_bytes(), None, CountingRule::Objects));
        }
    }
}

#[test]
fn the_format_is_recognised_by_the_start_of_a_large_file() {
    let padding = "x".repeat(300_000);
    for (start, format) in [
        (format!(r#"{{"images":[{{"id":1,"note":"{padding}"#), Some(Format::Coco)),
        (format!(r#"[{{"id":1,"data":{{"text":"{padding}"#), Some(Format::LabelStudio)),
        (format!(r#"{{"info":"{padding}","images":[]}}"#), Some(Format::Coco)),
        (format!(r#"{{"info":"{padding}","image"#), None),
    ] {
        let found = read(start.as_bytes(), &ReadOptions::default()).ok().map(|tasks| tasks.format());
        assert_eq!(found, format, "{}", &start[..30]);
    }
}

#[test]
fn the_start_of_a_file_shows_its_format_and_json_lines_are_none() {
    for (format, sample) in samples::ALL {
        assert_eq!(Format::recognised_by(&sample.as_bytes()[..sample.len() / 2]), Some(format));
        assert_eq!(Format::recognised_by(format!("\u{feff}{sample}").as_bytes()), Some(format));
    }
    let row = r#"{"annotationRequestId":"R","id":7,"status":11,"instanceInfo":{"car":2},"annotations":[]}"#;
    assert_eq!(Format::recognised_by(row.as_bytes()), None);
    for format in [None, Some(Format::LabelStudio)] {
        let error = read(row.as_bytes(), &ReadOptions { format, ..ReadOptions::default() }).unwrap_err();
        assert_eq!(error.kind, ReadErrorKind::AlreadyCounted);
        assert_eq!(error.to_string(), "byte 0: the file has JSON Lines of statistics, which are counted already");
    }
}

#[test]
fn what_cannot_be_recognised_is_an_error_with_a_way_out() {
    let unknown = "byte 0: the file is of none of the formats that are read, which are coco, label-studio, cvat, openlabel, \
        scalabel, datumaro, platform: see FORMATS.md";
    for (input, expected) in [
        (&b""[..], "byte 0: the file is empty"),
        (b" \n", "byte 0: the file is empty"),
        (b"car\nbus\n", "byte 0: the file is neither JSON nor XML"),
        (b"\0\0\0 1\n", "byte 0: the file is neither JSON nor XML"),
        (b"{}", "byte 0: the file is an empty object: there is nothing in it"),
        (b" [] ", "byte 0: the file is an empty list, as any format may have it: say which it is"),
        (b"null\n", "byte 0: the file is `null`: there is nothing in it"),
        (b"[{}]", unknown),
        (b"[1,2]", unknown),
        (br#"{"a":1}"#, unknown),
        (br#"{"images":{"a":1}}"#, unknown),
        (b"{\"a\"", "line 1, byte 4, $.a: not JSON: missing colon"),
        (b"\xFF\xFE{\0}\0", "byte 0: the file is in UTF-16: it must be converted to UTF-8 first"),
        (b"{\0}\0", "byte 0: the file is in UTF-16: it must be converted to UTF-8 first"),
        (b"\0\0\xFE\xFF", "byte 0: the file is in UTF-32: it must be converted to UTF-8 first"),
        (b"PK\x03\x04", "byte 0: the file is a ZIP archive: it must be unpacked first"),
        (b"\x1F\x8B\x08", "byte 0: the file is gzip: it must be unpacked first"),
    ] {
        let error = read(input, &ReadOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{input:?}");
    }
}
