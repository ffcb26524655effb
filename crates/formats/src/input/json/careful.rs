//! The careful way to read JSON: byte after byte, so that each error has its place.

use crate::ReadError;
use crate::input::json::containers::Containers;
use crate::input::json::error::{error_of_element, place_of, read_error, too_deep};
use crate::input::metered::{Allowance, Metered};
use crate::input::non_numbers::{is_no_number, non_number};
use serde::de::DeserializeOwned;
use std::io::{Chain, Read};
use struson::reader::json_path::JsonPathPiece;
use struson::reader::{JsonReader, JsonReaderPosition, JsonStreamReader, ReaderError, ReaderSettings, ValueType};
use struson::serde::DeserializerError;

/// The deepest nesting of a file.
pub(crate) const MAX_DEPTH: u32 = 100;

/// Reads from a place of a file on.
pub(super) struct Careful<'replay, R: Read> {
    json: JsonStreamReader<Chain<&'replay [u8], Metered<R>>>,
    allowance: Allowance,
    origin: Origin,
}

/// The place from which it is read on, which the parser was brought to by a text that is not the file's.
#[derive(Debug, Default)]
pub(super) struct Origin {
    /// The length of that text.
    pub(super) replayed: u64,
    pub(super) byte: u64,
    pub(super) line_breaks: u64,
    pub(super) containers: Containers,
}

impl Origin {
    /// A place in the file.
    fn moved(&self, mut position: JsonReaderPosition) -> JsonReaderPosition {
        position.data_pos = position.data_pos.map(|byte| byte.saturating_sub(self.replayed).saturating_add(self.byte));
        if let Some(place) = &mut position.line_pos {
            place.line = place.line.saturating_add(self.line_breaks);
        }
        let replayed = u32::from(self.containers.has_replayed_value());
        let depth = self.containers.depth();
        for (level, (piece, known)) in position.path.iter_mut().flatten().zip(self.containers.path()).enumerate() {
            match (piece, known) {
                (JsonPathPiece::ArrayItem(index), JsonPathPiece::ArrayItem(known)) => {
                    let passed = if level + 1 == depth { replayed } else { 0 };
                    *index = index.saturating_sub(passed).saturating_add(*known);
                }
                // The text has the names of the file.
                (JsonPathPiece::ArrayItem(_) | JsonPathPiece::ObjectMember(_), _) => {}
            }
        }
        position
    }

    fn moved_error(&self, error: ReaderError) -> ReaderError {
        use ReaderError::{
            IoError, MaxNestingDepthExceeded, SyntaxError, UnexpectedStructure, UnexpectedValueType,
            UnsupportedNumberValue,
        };
        match error {
            SyntaxError(mut error) => {
                error.location = self.moved(error.location);
                SyntaxError(error)
            }
            UnexpectedValueType { expected, actual, location } => {
                UnexpectedValueType { expected, actual, location: self.moved(location) }
            }
            MaxNestingDepthExceeded { max_nesting_depth, location } => {
                MaxNestingDepthExceeded { max_nesting_depth, location: self.moved(location) }
            }
            IoError { error, location } => IoError { error, location: self.moved(location) },
            UnexpectedStructure { kind, location } => UnexpectedStructure { kind, location: self.moved(location) },
            UnsupportedNumberValue { number, location } => {
                UnsupportedNumberValue { number, location: self.moved(location) }
            }
            other => other,
        }
    }
}

impl<'replay, R: Read> Careful<'replay, R> {
    /// Reads on at an origin, to which `replay` leads.
    pub(super) fn new(replay: &'replay str, input: R, origin: Origin) -> Result<Self, ReadError> {
        let (input, allowance) = Metered::new(input);
        let settings = ReaderSettings {
            allow_multiple_top_level: true,
            max_nesting_depth: Some(MAX_DEPTH),
            restrict_number_values: false,
            ..ReaderSettings::default()
        };
        let mut json = JsonStreamReader::new_custom(replay.as_bytes().chain(input), settings);
        enter(&mut json, &origin.containers).map_err(|error| read_error(&error))?;
        Ok(Self { json, allowance, origin })
    }

    pub(super) fn peek(&mut self) -> Result<ValueType, ReadError> {
        self.json.peek().map_err(|error| self.error_of_file(error))
    }

    pub(super) fn has_next(&mut self) -> Result<bool, ReadError> {
        self.allowance.everything();
        self.json.has_next().map_err(|error| self.error_of_file(error))
    }

    pub(super) fn begin_array(&mut self) -> Result<(), ReadError> {
        self.json.begin_array().map_err(|error| self.error_of_value(error))
    }

    pub(super) fn end_array(&mut self) -> Result<(), ReadError> {
        self.json.end_array().map_err(|error| self.error_of_file(error))
    }

    pub(super) fn begin_object(&mut self) -> Result<(), ReadError> {
        self.json.begin_object().map_err(|error| self.error_of_value(error))
    }

    pub(super) fn end_object(&mut self) -> Result<(), ReadError> {
        self.json.end_object().map_err(|error| self.error_of_file(error))
    }

    pub(super) fn name(&mut self) -> Result<String, ReadError> {
        self.allowance.one_element();
        self.json.next_name_owned().map_err(|error| self.error_of_file(error))
    }

    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        self.allowance.everything();
        self.json.skip_value().map_err(|error| self.error_of_file(error))
    }

    pub(super) fn element<T: DeserializeOwned>(&mut self) -> Result<T, ReadError> {
        self.allowance.one_element();
        self.json.deserialize_next().map_err(|error| match error {
            DeserializerError::ReaderError(error) => self.error_of_value(error),
            DeserializerError::InvalidNumber(_) => self.error("expected a whole number of at most 64 bits"),
            DeserializerError::Custom(reason) => self.error_of_part(&reason),
            DeserializerError::MaxNestingDepthExceeded(depth) => self.error(too_deep(depth)),
            other => self.error(other.to_string()),
        })
    }

    /// The current byte of the file.
    pub(super) fn byte(&self) -> u64 {
        self.position().data_pos.unwrap_or_default()
    }

    pub(super) fn position(&self) -> JsonReaderPosition {
        self.origin.moved(self.json.current_position(true))
    }

    fn error(&self, reason: impl Into<String>) -> ReadError {
        ReadError::invalid(place_of(&self.position()), reason)
    }

    fn error_of_file(&self, error: ReaderError) -> ReadError {
        read_error(&self.origin.moved_error(error))
    }

    /// The error of a value that is not what it should be; the reader is still before it.
    fn error_of_value(&mut self, error: ReaderError) -> ReadError {
        let error = self.origin.moved_error(error);
        let ReaderError::UnexpectedValueType { actual: ValueType::String, location, .. } = &error else {
            return read_error(&error);
        };
        match self.next_non_number() {
            Some(word) => ReadError::invalid(place_of(location), is_no_number(word)),
            None => read_error(&error),
        }
    }

    /// The error of a part of an element that is JSON, but not what it should be.
    fn error_of_part(&mut self, reason: &str) -> ReadError {
        let position = self.position();
        // A string that was not even looked at is still the next value.
        if reason.starts_with("invalid type: string,")
            && let Some(word) = self.next_non_number()
        {
            return ReadError::invalid(place_of(&position), is_no_number(word));
        }
        error_of_element(reason, position)
    }

    fn next_non_number(&mut self) -> Option<&'static str> {
        self.json.next_str().ok().and_then(non_number)
    }
}

/// Goes into arrays and objects as far as the text leads that replays them.
fn enter(json: &mut impl JsonReader, containers: &Containers) -> Result<(), ReaderError> {
    let innermost = containers.depth().saturating_sub(1);
    for (depth, piece) in containers.path().iter().enumerate() {
        match piece {
            JsonPathPiece::ArrayItem(_) => json.begin_array()?,
            JsonPathPiece::ObjectMember(_) => {
                json.begin_object()?;
                if depth < innermost || !(containers.expects_name() && containers.is_empty()) {
                    json.next_name()?;
                }
            }
        }
    }
    if containers.has_replayed_value() { json.skip_value() } else { Ok(()) }
}
