//! What no reader may choke on: depth, encodings, sizes and inputs that fail.

use crate::{read_all, samples};
use annotation_statistics_formats::{CountingRule, Format, MAX_ELEMENT_BYTES, ReadErrorKind, ReadOptions, read};
use std::io::{self, BufReader, Read};

#[test]
fn nesting_without_end_is_an_error_and_no_stack_overflow() {
    for (format, sample) in samples::ALL {
        let mark = if format == Format::Cvat { "annotations>" } else { ":" };
        let (start, end) = sample.split_once(mark).unwrap();
        let (open, close) = if format == Format::Cvat { ("<x>", "</x>") } else { ("[", "]") };
        let deep = format!("{start}{mark}{}{}{end}", open.repeat(10_000), close.repeat(10_000));
        let error = read_all(deep.as_bytes(), Some(format), CountingRule::Objects).unwrap_err();
        assert!(error.contains("nested deeper than 100 levels") || error.contains("expected "), "{format}: {error}");
    }
    let children = r#"{"type":"slotChildren","key":"k","slotsChildren":[{"children":["#.repeat(10_000);
    let deep = format!(r#"{{"taskId":1,"result":{{"annotations":[{children}"#);
    let error = read_all(deep.as_bytes(), Some(Format::Platform), CountingRule::Objects).unwrap_err();
    assert!(error.ends_with(": nested deeper than 100 levels"), "{error}");
}

#[test]
fn text_in_another_encoding_is_a_error() {
    for (format, sample) in samples::ALL {
        let utf_16: Vec<u8> = sample.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let error = read_all(&utf_16, Some(format), CountingRule::Objects).unwrap_err();
        assert_eq!(error, "byte 0: the file is in UTF-16: it must be converted to UTF-8 first");
        let word = sample.rfind(|character: char| character.is_ascii_lowercase()).unwrap();
        let mut latin_1 = sample.as_bytes().to_vec();
        latin_1[word] = 0xE9;
        assert!(read_all(&latin_1, Some(format), CountingRule::Objects).is_err(), "{format}");
    }
    let latin_1 = b"{\"images\":[],\"annotations\":[],\"categories\":[{\"id\":1,\"name\":\"caf\xE9\"}]}";
    let error = read_all(latin_1, None, CountingRule::Objects).unwrap_err();
    assert!(error.contains("not UTF-8: the file must be converted to UTF-8 first"), "{error}");
    let latin_1 = b"<annotations><image id=\"1\"><tag label=\"caf\xE9\"/></image></annotations>";
    let error = read_all(latin_1, None, CountingRule::Objects).unwrap_err();
    assert!(error.contains("not UTF-8: the file must be converted to UTF-8 first"), "{error}");
}

#[test]
fn an_element_larger_than_memory_should_hold_is_an_error_and_one_that_is_skipped_is_not() {
    let size = MAX_ELEMENT_BYTES + (1 << 16);
    let with_name = |start: &str, end: &str| {
        let input = start.as_bytes().chain(io::repeat(b'x').take(size)).chain(end.as_bytes());
        let mut tasks = read(BufReader::new(input), &ReadOptions::default()).unwrap();
        tasks.next().unwrap().map(|task| task.id.get())
    };
    let too_large = "an element is larger than 33554432 bytes";
    let error = with_name(r#"{"images":[{"id":1}],"categories":[{"id":1,"name":""#, r#""}]}"#).unwrap_err();
    assert!(error.to_string().contains(too_large), "{error}");
    let error = with_name(r#"<annotations><image id="1"><box label="a" points=""#, r#""/></image></annotations>"#);
    assert!(error.unwrap_err().to_string().contains(too_large));
    assert_eq!(with_name(r#"{"images":[{"id":1}],"info":""#, r#""}"#), Ok(1));
}

#[test]
fn an_input_that_fails_is_distinguished_from_a_wrong_file() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let padding = vec![b' '; 300_000];
    for start in [&br#"{"images":[{"id":1},"#[..], b"<annotations>"] {
        let input = BufReader::new(start.chain(&padding[..]).chain(Broken));
        let mut tasks = read(input, &ReadOptions::default()).unwrap();
        let error = tasks.next().unwrap().unwrap_err();
        assert_eq!(error.kind, ReadErrorKind::Io, "{error}");
        assert!(error.to_string().ends_with("the file cannot be read: the disk is gone"), "{error}");
        assert!(tasks.next().is_none(), "a file with an error has no further task");
    }
}
