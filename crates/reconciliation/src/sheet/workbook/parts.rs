//! Holds a workbook to its limits before it is opened: it is packed, and a few bytes may unpack to any number.

use super::part::Part;
use crate::sheet::text::{Input, unreadable};
use crate::sheet::{SheetError, SheetLimits};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{self, BufReader, Read, SeekFrom};
use zip::ZipArchive;
use zip::result::ZipError;

/// How many times the bytes of a sheet a workbook may have when it is unpacked.
const UNPACKED: u64 = 4;
/// The most parts: each takes memory in the list of them. A workbook has some dozens.
const MAX_PARTS: u64 = 4_096;
/// The longest text without a tag: a cell has up to 32,767 characters.
const MAX_TEXT_BYTES: u64 = 1024 * 1024;
/// The most tags of a part that is held as a whole, such as styles.
const MAX_TAGS: u64 = 500_000;
/// How many texts that cells share there may be for each value of the sheet.
const SHARED_TEXTS: u64 = 2;

/// The names of parts that are held as a whole, in lower case.
const HELD: [&str; 4] = ["styles.xml", "workbook.xml", ".rels", "[content_types].xml"];

/// The end of the list of parts, its fixed size, and the longest comment behind it.
const END: &[u8; 4] = b"PK\x05\x06";
const END_BYTES: u64 = 22;
const MAX_COMMENT_BYTES: u64 = 65_535;
/// Where the end of a list is that is larger, and that end.
const LOCATOR: &[u8; 4] = b"PK\x06\x07";
const LARGE_END: &[u8; 4] = b"PK\x06\x06";

/// Reads each part once, and keeps nothing.
pub(super) fn check(input: &mut dyn Input, limits: &SheetLimits) -> Result<(), SheetError> {
    check_number(input)?;
    let mut archive = ZipArchive::new(input).map_err(|error| damaged(&error))?;
    let mut left = limits.max_bytes.saturating_mul(UNPACKED);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| damaged(&error))?;
        let name = part.name().map_err(|error| damaged(&error))?.to_lowercase();
        let is_held = HELD.iter().any(|end| name.ends_with(end));
        let is_xml = is_held || name.rsplit('.').next() == Some("xml");
        let max_text = if is_xml { MAX_TEXT_BYTES } else { u64::MAX };
        let max_tags = if is_held { MAX_TAGS } else { u64::MAX };
        let are_texts = name.ends_with("sharedstrings.xml");
        let allowed = if are_texts { left.min(limits.max_bytes) } else { left };
        let mut part = Part::new(part, allowed, max_text, max_tags);
        if are_texts {
            check_texts(&mut part, limits.max_lines.saturating_mul(SHARED_TEXTS))?;
        }
        let read = io::copy(&mut part, &mut io::sink());
        read.map_err(|error| SheetError::new(format!("cannot be unpacked: {error}")))?;
        left -= allowed - part.left;
    }
    Ok(())
}

/// Counts the texts that cells share, which are held. Memory is taken for as many as the part says there are.
fn check_texts(part: &mut impl Read, allowed: u64) -> Result<(), SheetError> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    let (mut buffer, mut texts) = (Vec::new(), 0);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let event = event.map_err(|error| SheetError::new(format!("cannot be unpacked: {error}")))?;
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            match tag.local_name().as_ref() {
                "si" => texts += 1,
                "sst" => texts = texts.max(stated_texts(tag)),
                _ => {}
            }
        } else if matches!(event, Event::Eof) {
            return Ok(());
        }
        if texts > allowed {
            return Err(SheetError::new(format!("has more than {allowed} different texts: split it")));
        }
    }
}

/// The attribute of the list of texts by which its reader makes room.
fn stated_texts(tag: &BytesStart<'_>) -> u64 {
    let mut attributes = tag.attributes();
    let stated = attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == "uniqueCount");
    stated.map_or(0, |stated| stated.value.parse().unwrap_or(0))
}

/// Refuses a list of parts that is too long, before anything is made of it.
fn check_number(input: &mut dyn Input) -> Result<(), SheetError> {
    let size = input.seek(SeekFrom::End(0)).map_err(|error| unreadable(&error))?;
    let start = size.saturating_sub(MAX_COMMENT_BYTES + END_BYTES + END_BYTES);
    let tail = bytes_at(input, start, size - start)?;
    let mut is_there = false;
    for (at, end) in tail.windows(END.len()).enumerate() {
        let from = tail.get(at..).unwrap_or_default();
        let parts = if end == END {
            is_there = true;
            number_at::<2>(from, 10)
        } else if end == LOCATOR {
            let place = number_at::<8>(from, 8).unwrap_or(u64::MAX);
            let end = bytes_at(input, place.min(size), 40)?;
            number_at::<8>(&end, 32).filter(|_| end.starts_with(LARGE_END))
        } else {
            continue;
        };
        // So many of a small list mean that there is a large one.
        if parts.is_none_or(|parts| parts > MAX_PARTS && !(end == END && parts == u64::from(u16::MAX))) {
            return Err(SheetError::new("is no workbook: it has too many parts"));
        }
    }
    if is_there { Ok(()) } else { Err(SheetError::new("is cut off, or is no XLSX workbook")) }
}

fn bytes_at(input: &mut dyn Input, start: u64, number: u64) -> Result<Vec<u8>, SheetError> {
    let mut bytes = Vec::new();
    input.seek(SeekFrom::Start(start)).map_err(|error| unreadable(&error))?;
    input.take(number).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

/// The number of `N` bytes at this place.
fn number_at<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let digits = bytes.get(at..)?.first_chunk::<N>()?;
    Some(digits.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn damaged(error: &ZipError) -> SheetError {
    SheetError::new(format!("is cut off, or is no XLSX workbook ({error})"))
}
