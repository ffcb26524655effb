//! What no reader may choke on: depth, encodings, sizes and inputs that fail.

use crate::{read_all, samples};
use annotation_statistics_formats::{CountingRule, Format, MAX_ELEMENT_BYTES, ReadFaultKind, ReadOptions, read};
use std::io::{self, BufReader, Read};

#[test]
fn nesting_without_end_is_a_fault_and_no_stack_overflow() {
    for (format, sample) in samples::ALL {
        let mark = if format == Format::Cvat { "annotations>" } else { ":" };
        let (start, end) = sample.split_once(mark).unwrap();
        let (open, close) = if format == Format::Cvat { ("<x>", "</x>") } else { ("[", "]") };
        let deep = format!("{start}{mark}{}{}{end}", open.repeat(10_000), close.repeat(10_000));
        let fault = read_all(deep.as_bytes(), Some(format), CountingRule::Objects).unwrap_err();
        assert!(fault.contains("nested deeper than 100 levels") || fault.contains("expected "), "{format}: {fault}");
    }
    let children = r#"{"type":"slotChildren","key":"k","slotsChildren":[{"children":["#.repeat(10_000);
    let deep = format!(r#"{{"taskId":1,"result":{{"annotations":[{children}"#);
    let fault = read_all(deep.as_bytes(), Some(Format::Platform), CountingRule::Objects).unwrap_err();
    assert!(fault.ends_with(": nested deeper than 100 levels"), "{fault}");
}

#[test]
fn text_in_another_encoding_is_a_fault() {
    for (format, sample) in samples::ALL {
        let utf_16: Vec<u8> = sample.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let fault = read_all(&utf_16, Some(format), CountingRule::Objects).unwrap_err();
        assert_eq!(fault, "byte 0: the file is in UTF-16: it must be converted to UTF-8 first");
        let word = sample.rfind(|character: char| character.is_ascii_lowercase()).unwrap();
        let mut latin_1 = sample.as_bytes().to_vec();
        latin_1[word] = 0xE9;
        assert!(read_all(&latin_1, Some(format), CountingRule::Objects).is_err(), "{format}");
    }
    let latin_1 = b"{\"images\":[],\"annotations\":[],\"categories\":[{\"id\":1,\"name\":\"caf\xE9\"}]}";
    let fault = read_all(latin_1, None, CountingRule::Objects).unwrap_err();
    assert!(fault.contains("not UTF-8: the file must be converted to UTF-8 first"), "{fault}");
    let latin_1 = b"<annotations><image id=\"1\"><tag label=\"caf\xE9\"/></image></annotations>";
    let fault = read_all(latin_1, None, CountingRule::Objects).unwrap_err();
    assert!(fault.contains("not UTF-8: the file must be converted to UTF-8 first"), "{fault}");
}

#[test]
fn an_element_larger_than_memory_should_hold_is_a_fault_and_one_that_is_skipped_is_not() {
    let size = MAX_ELEMENT_BYTES + (1 << 16);
    let with_name = |start: &str, end: &str| {
        let input = start.as_bytes().chain(io::repeat(b'x').take(size)).chain(end.as_bytes());
        let mut tasks = read(BufReader::new(input), &ReadOptions::default()).unwrap();
        tasks.next().unwrap().map(|task| task.id.get())
    };
    let too_large = "an element is larger than 33554432 bytes";
    let fault = with_name(r#"{"images":[{"id":1}],"categories":[{"id":1,"name":""#, r#""}]}"#).unwrap_err();
    assert!(fault.to_string().contains(too_large), "{fault}");
    let fault = with_name(r#"<annotations><image id="1"><box label="a" points=""#, r#""/></image></annotations>"#);
    assert!(fault.unwrap_err().to_string().contains(too_large));
    assert_eq!(with_name(r#"{"images":[{"id":1}],"info":""#, r#""}"#), Ok(1));
}

#[test]
fn an_input_that_fails_is_told_apart_from_a_wrong_file() {
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
        let fault = tasks.next().unwrap().unwrap_err();
        assert_eq!(fault.kind, ReadFaultKind::Io, "{fault}");
        assert!(fault.to_string().ends_with("the file cannot be read: the disk is gone"), "{fault}");
        assert!(tasks.next().is_none(), "a file with a fault has no further task");
    }
}
