//! Recognises the format of a file from its first bytes.

mod foreign;
mod json_format;
mod magic;

pub use magic::{GZIP_MAGIC, ZSTD_MAGIC};

use crate::error::shortened;
use crate::input::{Bytes, JsonInput, JsonOutline, XmlInput, without_byte_order_mark};
use crate::{FilePlace, Format, ReadError, ReadErrorKind};
use std::io::{Cursor, Read};

/// How much of a file is looked at.
const PREFIX_BYTES: usize = 1 << 18;

/// How much of a file is looked at where less was not enough, because something large comes first.
const LONG_PREFIX_BYTES: usize = 1 << 24;

impl Format {
    /// The format of a file that starts so; `None` where the start does not show it.
    pub fn recognised_by(start: &[u8]) -> Option<Self> {
        from_content(without_byte_order_mark(start), false).ok().flatten()
    }
}

/// The format of a file, unless it is `given`, and its content from the start, without a byte order mark.
pub(crate) fn detect(mut input: Bytes<'_>, given: Option<Format>) -> Result<(Format, Bytes<'_>), ReadError> {
    let mut prefix = Vec::new();
    let mut is_whole = extend(&mut prefix, &mut input, PREFIX_BYTES)?;
    if let Some(reason) = foreign::obstacle(&prefix) {
        return Err(invalid(reason));
    }
    prefix.drain(..prefix.len() - without_byte_order_mark(&prefix).len());
    let mut found = from_content(&prefix, is_whole);
    // What makes it another format's may be behind what was looked at, too.
    if given.is_none() && !matches!(found, Ok(Some(_))) && !is_whole {
        is_whole = extend(&mut prefix, &mut input, LONG_PREFIX_BYTES)?;
        found = from_content(&prefix, is_whole);
    }
    let format = match (found, given) {
        (Err(error), _) if error.kind == ReadErrorKind::AlreadyCounted => return Err(error),
        (_, Some(format)) => format,
        (found, None) => found?.ok_or_else(|| invalid(unknown(is_whole)))?,
    };
    Ok((format, Box::new(Cursor::new(prefix).chain(input))))
}

/// Reads until there is so much of the file; returns whether that is all.
fn extend(prefix: &mut Vec<u8>, input: &mut Bytes<'_>, bytes: usize) -> Result<bool, ReadError> {
    let more = u64::try_from(bytes.saturating_sub(prefix.len())).unwrap_or(u64::MAX);
    let read = input.by_ref().take(more).read_to_end(prefix);
    let read = read.map_err(|error| ReadError::io(FilePlace::at_byte(0), &error))?;
    Ok(u64::try_from(read).is_ok_and(|read| read < more))
}

/// The format of a file that starts so; `None` where it could be any.
fn from_content(start: &[u8], is_whole: bool) -> Result<Option<Format>, ReadError> {
    match start.trim_ascii() {
        b"" => Err(invalid("the file is empty")),
        b"[]" if is_whole => Err(invalid("the file is an empty list, as any format may have it: say which it is")),
        b"{}" if is_whole => Err(invalid("the file is an empty object: there is nothing in it")),
        b"null" if is_whole => Err(invalid("the file is `null`: there is nothing in it")),
        [b'<', ..] => from_xml(start).map(Some),
        [b'{' | b'[', ..] => from_json(start, is_whole),
        _ => Err(from_text(start)),
    }
}

fn from_xml(start: &[u8]) -> Result<Format, ReadError> {
    let mut xml = XmlInput::new(Box::new(start));
    let root = xml.next_child()?.ok_or_else(|| xml.error("the file ends before its first element"))?;
    let first = xml.next_child().ok().flatten().map(|first| first.name().to_owned());
    let root = root.name();
    match foreign::name_of_xml(root, first.as_deref()) {
        Some(name) => Err(invalid(foreign::not_read(name))),
        None if root == "annotations" => Ok(Format::Cvat),
        None => {
            let root = shortened(root).into_owned();
            Err(invalid(format!("the file is XML of `{root}`, which is not read: the XML of CVAT is of `annotations`")))
        }
    }
}

fn from_json(start: &[u8], is_whole: bool) -> Result<Option<Format>, ReadError> {
    let mut outline = JsonOutline::default();
    // The start ends where it ends: what was found until then is what counts.
    let cut = outline.collect(&mut JsonInput::new(Box::new(start))).err();
    let has = |path: &str| outline.has(path);
    if has("annotationRequestId") && has("instanceInfo") {
        let reason = "the file has JSON Lines of statistics, which are counted already";
        return Err(ReadError { kind: ReadErrorKind::AlreadyCounted, ..invalid(reason) });
    }
    if has("data.data.[].instanceInfo") {
        return Err(invalid("the file is a response of GET /statistics, which is counted already"));
    }
    if let Some(name) = foreign::name_of_json(&outline) {
        return Err(invalid(foreign::not_read(name)));
    }
    match (json_format::of(&outline), cut) {
        (None, Some(error)) if is_whole || outline.is_empty() => Err(error),
        (format, _) => Ok(format),
    }
}

fn from_text(start: &[u8]) -> ReadError {
    let is_text = !start.iter().take(1 << 10).any(|byte| *byte == 0);
    match foreign::name_of_text(&String::from_utf8_lossy(start)).filter(|_| is_text) {
        Some(name) => invalid(foreign::not_read(name)),
        None => invalid("the file is neither JSON nor XML"),
    }
}

fn invalid(reason: impl Into<String>) -> ReadError {
    ReadError::invalid(FilePlace::at_byte(0), reason)
}

/// The error where no format was recognised. Stating the format helps only where a part of the file was not looked at.
fn unknown(is_whole: bool) -> String {
    if is_whole {
        let names = Format::names();
        return format!("the file is of none of the formats that are read, which are {names}: see FORMATS.md");
    }
    let seen = LONG_PREFIX_BYTES >> 20;
    format!("the format cannot be determined from the first {seen} MiB of the file: say which it is")
}
