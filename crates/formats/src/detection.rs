//! Tells the format of a file from its first bytes.

use crate::json_input::{Bytes, JsonInput};
use crate::{FilePlace, Format, ReadFault, ReadFaultKind};
use std::io::{Cursor, Read};
use struson::reader::ValueType;

/// How much of a file is looked at, at most.
const PREFIX_BYTES: u64 = 1 << 18;

/// How many of the first tasks of a list are looked at, at most.
const FIRST_ITEMS: usize = 3;

/// The format of a file, unless it was `told`, and its content from the start, without a byte order mark.
pub(crate) fn detect(mut input: Bytes<'_>, told: Option<Format>) -> Result<(Format, Bytes<'_>), ReadFault> {
    let mut prefix = Vec::new();
    let read = input.by_ref().take(PREFIX_BYTES).read_to_end(&mut prefix);
    read.map_err(|error| ReadFault::io(FilePlace::at_byte(0), &error))?;
    if let Some(obstacle) = obstacle(&prefix) {
        let reason = format!("the file is {obstacle} first");
        return Err(ReadFault::wrong(FilePlace::at_byte(0), reason));
    }
    prefix.drain(..prefix.len() - without_mark(&prefix).len());
    let format = match (from_content(&prefix), told) {
        (Err(fault), _) if fault.kind == ReadFaultKind::AlreadyCounted => return Err(fault),
        (_, Some(format)) => format,
        (found, None) => found?,
    };
    Ok((format, Box::new(Cursor::new(prefix).chain(input))))
}

/// What the first bytes say of a file that cannot be read as it is, and what must be done with it.
fn obstacle(prefix: &[u8]) -> Option<&'static str> {
    match prefix {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("in UTF-32: it must be converted to UTF-8"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("in UTF-16: it must be converted to UTF-8"),
        [0, first, ..] | [first, 0, ..] if *first != 0 => Some("in UTF-16: it must be converted to UTF-8"),
        [0x1F, 0x8B, ..] => Some("gzip: it must be unpacked"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some("zstd: it must be unpacked"),
        [b'P', b'K', 3, 4, ..] => Some("a ZIP archive: it must be unpacked"),
        _ => None,
    }
}

/// The bytes without a byte order mark of UTF-8 at their start.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// The format of a file that starts so.
pub(crate) fn from_content(prefix: &[u8]) -> Result<Format, ReadFault> {
    let wrong = |reason: &str| ReadFault::wrong(FilePlace::at_byte(0), reason);
    match prefix.trim_ascii_start().first() {
        None => Err(wrong("the file is empty")),
        Some(b'<') => Ok(Format::Cvat),
        Some(b'{' | b'[') => {
            let mut names = Names::default();
            // The prefix ends where it ends: what was found until then is what counts.
            let cut = names.collect(&mut JsonInput::new(Box::new(Cursor::new(prefix.to_vec())))).err();
            if names.are_of_json_lines() {
                let reason = "the file has JSON Lines of statistics, which are counted already";
                return Err(ReadFault { kind: ReadFaultKind::AlreadyCounted, ..wrong(reason) });
            }
            names.format().ok_or_else(|| cut.filter(|_| names.is_empty()).unwrap_or_else(|| wrong(UNKNOWN)))
        }
        Some(_) => Err(wrong("the file is neither JSON nor XML")),
    }
}

const UNKNOWN: &str = "the format cannot be told from the content: say which it is";

/// The names of the members that the root has, or the first tasks of a root that is a list.
#[derive(Debug, Default)]
struct Names {
    root: Vec<(String, ValueType)>,
    item: Vec<String>,
}

impl Names {
    fn collect(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadFault> {
        if json.peek()? == ValueType::Object {
            return json.object(|json, name| {
                self.root.push((name.to_owned(), json.peek()?));
                json.skip()
            });
        }
        let mut items = 0;
        json.array(|json| {
            items += 1;
            if items > FIRST_ITEMS || json.peek()? != ValueType::Object {
                return json.skip();
            }
            json.object(|json, name| {
                self.item.push(name.to_owned());
                json.skip()
            })
        })
    }

    fn are_of_json_lines(&self) -> bool {
        let has = |wanted: &str| self.root.iter().any(|(name, _)| name == wanted);
        has("annotationRequestId") && has("instanceInfo")
    }

    fn is_empty(&self) -> bool {
        self.root.is_empty() && self.item.is_empty()
    }

    fn format(&self) -> Option<Format> {
        if self.root.is_empty() { self.format_of_items() } else { self.format_of_root() }
    }

    fn format_of_root(&self) -> Option<Format> {
        let has = |wanted: &str| self.root.iter().any(|(name, _)| name == wanted);
        let is = |wanted: &str, kind: ValueType| self.root.iter().any(|(name, is)| name == wanted && *is == kind);
        let is_task = has("data") || has("predictions") || has("completions");
        Some(if has("openlabel") || has("vcd") {
            Format::OpenLabel
        } else if has("taskId") || has("taskParams") {
            Format::Platform
        } else if is("items", ValueType::Array) || is("categories", ValueType::Object) || has("dm_format_version") {
            Format::Datumaro
        } else if is("images", ValueType::Array) || is("categories", ValueType::Array) {
            Format::Coco
        } else if is("frames", ValueType::Array) {
            Format::Scalabel
        } else if is_task {
            Format::LabelStudio
        } else if is("annotations", ValueType::Array) {
            Format::Coco
        } else {
            return None;
        })
    }

    fn format_of_items(&self) -> Option<Format> {
        let has = |wanted: &str| self.item.iter().any(|name| name == wanted);
        Some(if has("taskId") || has("taskParams") {
            Format::Platform
        } else if has("annotations") || has("completions") || has("annotation_id") || (has("data") && has("id")) {
            Format::LabelStudio
        } else if has("labels") || has("videoName") || has("frameIndex") || (has("name") && has("timestamp")) {
            Format::Scalabel
        } else {
            return None;
        })
    }
}
