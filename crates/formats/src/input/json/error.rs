//! Errors of the JSON parser, in words.

use crate::input::metered::MAX_ELEMENT_BYTES;
use crate::input::non_numbers::{is_no_number, non_number_in};
use crate::{FilePlace, ReadError};
use std::io;
use struson::reader::json_path::JsonPathPiece;
use struson::reader::{JsonReaderPosition, ReaderError, ValueType};

pub(super) fn too_deep(depth: u32) -> String {
    format!("nested deeper than {depth} levels")
}

/// The error that a parser found.
pub(super) fn read_error(error: &ReaderError) -> ReadError {
    match error {
        ReaderError::SyntaxError(error) => {
            ReadError::invalid(place_of(&error.location), format!("not JSON: {}", words_of(&error.kind.to_string())))
        }
        ReaderError::UnexpectedValueType { expected, actual, location } => ReadError::invalid(
            place_of(location),
            format!("expected {}, found {}", kind_of(*expected), kind_of(*actual)),
        ),
        ReaderError::MaxNestingDepthExceeded { max_nesting_depth, location } => {
            ReadError::invalid(place_of(location), too_deep(*max_nesting_depth))
        }
        ReaderError::IoError { error, location } => error_of_input(error, place_of(location)),
        ReaderError::UnexpectedStructure { kind, location } => {
            ReadError::invalid(place_of(location), format!("unexpected structure: {kind}"))
        }
        other @ (ReaderError::UnsupportedNumberValue { .. } | _) => {
            ReadError::invalid(FilePlace::default(), other.to_string())
        }
    }
}

/// The error of an element that is JSON, but not what it should be; the reader is at `position`.
pub(super) fn error_of_element(reason: &str, mut position: JsonReaderPosition) -> ReadError {
    if reason.starts_with("missing field") {
        // The reader is at the element's last member.
        position.path.as_mut().map(Vec::pop);
    }
    if let Some(word) = non_number_in(reason) {
        // It was taken to be looked at, so the reader is behind it.
        step_back(&mut position);
        let length = u64::try_from(word.len()).unwrap_or_default();
        position.data_pos = position.data_pos.map(|end| end.saturating_sub(length));
        return ReadError::invalid(place_of(&position), is_no_number(word));
    }
    let reason = match reason.split_once("expected struct ") {
        Some((start, _)) => format!("{start}expected an object"),
        None => reason.to_owned(),
    };
    ReadError::invalid(place_of(&position), reason)
}

/// The place of the element of an array that was just taken, where the reader is at the next.
pub(super) fn step_back(position: &mut JsonReaderPosition) {
    if let Some(JsonPathPiece::ArrayItem(index)) = position.path.as_mut().and_then(|path| path.last_mut()) {
        *index = index.saturating_sub(1);
    }
}

/// The parser gives text that is not UTF-8, and the meter an element that is too large, as errors of the input.
fn error_of_input(error: &io::Error, place: FilePlace) -> ReadError {
    if error.kind() != io::ErrorKind::InvalidData {
        return ReadError::io(place, error);
    }
    let reason = error.to_string();
    if reason.contains(&MAX_ELEMENT_BYTES.to_string()) {
        ReadError::invalid(place, reason)
    } else {
        ReadError::invalid(place, "not UTF-8: the file must be converted to UTF-8 first")
    }
}

/// `IncompleteDocument` as "incomplete document".
fn words_of(name: &str) -> String {
    let mut words = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(character.to_lowercase());
    }
    words
}

fn kind_of(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Array => "an array",
        ValueType::Object => "an object",
        ValueType::String => "a string",
        ValueType::Number => "a number",
        ValueType::Boolean => "true or false",
        ValueType::Null => "null",
    }
}

pub(super) fn place_of(position: &JsonReaderPosition) -> FilePlace {
    use JsonPathPiece::{ArrayItem, ObjectMember};
    let path = position.path.as_ref().map(|pieces| {
        pieces.iter().fold("$".to_owned(), |path, piece| match piece {
            ArrayItem(index) => format!("{path}[{index}]"),
            ObjectMember(name) if name == "<?>" => path,
            ObjectMember(name) => format!("{path}.{name}"),
        })
    });
    // A line of a file without line breaks says less than the byte.
    let line = position.line_pos.as_ref().map(|place| place.line.saturating_add(1));
    FilePlace { byte: position.data_pos, line, path }
}
