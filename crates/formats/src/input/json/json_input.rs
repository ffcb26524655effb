//! JSON that is pulled from a file value by value, with errors that say where.

use crate::error::shortened;
use crate::input::json::error::{error_of_element, place_of, read_error, step_back, too_deep};
use crate::input::metered::{Allowance, Bytes, Metered};
use crate::input::non_numbers::{NonNumbers, is_no_number, non_number};
use crate::stable_id::hash;
use crate::{FilePlace, ReadError};
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use struson::reader::{JsonReader, JsonStreamReader, ReaderError, ReaderSettings, ValueType};
use struson::serde::DeserializerError;

/// The deepest nesting of a file.
pub(crate) const MAX_DEPTH: u32 = 100;

/// A file of one or several JSON values.
///
/// `NaN` and `Infinity`, which Python writes, may be in values that are passed over; see [`NonNumbers`].
pub(crate) struct JsonInput<'input> {
    json: JsonStreamReader<Metered<NonNumbers<Bytes<'input>>>>,
    allowance: Allowance,
    /// Whether a value was just taken, so that the reader is behind it.
    is_behind: bool,
}

impl<'input> JsonInput<'input> {
    pub(crate) fn new(input: Bytes<'input>) -> Self {
        let (input, allowance) = Metered::new(NonNumbers::new(input));
        let settings = ReaderSettings {
            allow_multiple_top_level: true,
            max_nesting_depth: Some(MAX_DEPTH),
            restrict_number_values: false,
            ..ReaderSettings::default()
        };
        Self { json: JsonStreamReader::new_custom(input, settings), allowance, is_behind: false }
    }

    /// The kind of the next value.
    pub(crate) fn peek(&mut self) -> Result<ValueType, ReadError> {
        self.json.peek().map_err(|error| read_error(&error))
    }

    /// Whether the array, the object or the file has a further value.
    pub(crate) fn has_next(&mut self) -> Result<bool, ReadError> {
        self.allowance.everything();
        self.is_behind = false;
        self.json.has_next().map_err(|error| read_error(&error))
    }

    /// Goes into an array.
    pub(crate) fn begin_array(&mut self) -> Result<(), ReadError> {
        self.json.begin_array().map_err(|error| self.error_of_value(&error))
    }

    /// Leaves an array without a further value.
    pub(crate) fn end_array(&mut self) -> Result<(), ReadError> {
        self.is_behind = true;
        self.json.end_array().map_err(|error| read_error(&error))
    }

    /// Goes into an object.
    pub(crate) fn begin_object(&mut self) -> Result<(), ReadError> {
        self.json.begin_object().map_err(|error| self.error_of_value(&error))
    }

    /// Leaves an object without a further member.
    pub(crate) fn end_object(&mut self) -> Result<(), ReadError> {
        self.is_behind = true;
        self.json.end_object().map_err(|error| read_error(&error))
    }

    /// The name of the next member.
    pub(crate) fn name(&mut self) -> Result<String, ReadError> {
        self.allowance.one_element();
        self.json.next_name_owned().map_err(|error| read_error(&error))
    }

    /// Passes over the next value, whatever its size.
    pub(crate) fn skip(&mut self) -> Result<(), ReadError> {
        self.allowance.everything();
        self.json.skip_value().map_err(|error| read_error(&error))?;
        self.is_behind = true;
        Ok(())
    }

    /// The next value as a whole: at most [`MAX_ELEMENT_BYTES`].
    pub(crate) fn element<T: DeserializeOwned>(&mut self) -> Result<T, ReadError> {
        self.allowance.one_element();
        self.is_behind = false;
        let element = self.json.deserialize_next().map_err(|error| match &error {
            DeserializerError::ReaderError(error) => self.error_of_value(error),
            DeserializerError::InvalidNumber(_) => self.error("expected a whole number of at most 64 bits"),
            DeserializerError::Custom(reason) => self.error_of_part(reason),
            DeserializerError::MaxNestingDepthExceeded(depth) => self.error(too_deep(*depth)),
            other => self.error(other.to_string()),
        })?;
        self.is_behind = true;
        Ok(element)
    }

    /// The error of a value that is not what it should be; the reader is still before it.
    fn error_of_value(&mut self, error: &ReaderError) -> ReadError {
        let ReaderError::UnexpectedValueType { actual: ValueType::String, location, .. } = error else {
            return read_error(error);
        };
        match self.json.next_str().ok().and_then(non_number) {
            Some(word) => ReadError::invalid(place_of(location), is_no_number(word)),
            None => read_error(error),
        }
    }

    /// The error of a part of an element that is JSON, but not what it should be.
    fn error_of_part(&mut self, reason: &str) -> ReadError {
        let position = self.json.current_position(true);
        // A string that was not even looked at is still the next value.
        if reason.starts_with("invalid type: string,")
            && let Some(word) = self.json.next_str().ok().and_then(non_number)
        {
            return ReadError::invalid(place_of(&position), is_no_number(word));
        }
        error_of_element(reason, position)
    }

    /// Gives each member of the next value, an object, to `each`, which must take its value.
    pub(crate) fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, &str) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        self.begin_object()?;
        let mut names = MemberNames::default();
        while self.has_next()? {
            let name = self.name()?;
            names.insert(self, &name)?;
            each(self, &name)?;
        }
        self.end_object()
    }

    /// Has each value of the next value, an array, taken by `each`. `null` is an array without values.
    pub(crate) fn array(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), ReadError>) -> Result<(), ReadError> {
        if self.peek()? == ValueType::Null {
            return self.skip();
        }
        self.begin_array()?;
        while self.has_next()? {
            each(self)?;
        }
        self.end_array()
    }

    /// Makes sure that the file has nothing more.
    pub(crate) fn finish(&mut self) -> Result<(), ReadError> {
        if self.has_next()? { Err(self.error("expected the end of the file here")) } else { Ok(()) }
    }

    /// An error at the current place.
    pub(crate) fn error(&self, reason: impl Into<String>) -> ReadError {
        ReadError::invalid(self.place(), reason)
    }

    /// An error of a member of the object that was just taken.
    pub(crate) fn error_of_member(&self, name: &str, reason: impl Into<String>) -> ReadError {
        let place = self.place();
        let path = place.path.map(|path| format!("{path}.{name}"));
        ReadError::invalid(FilePlace { path, ..place }, reason)
    }

    /// The current place: that of the value that was just taken, or of the next.
    pub(crate) fn place(&self) -> FilePlace {
        let mut position = self.json.current_position(true);
        if self.is_behind {
            step_back(&mut position);
        }
        place_of(&position)
    }

    /// The current byte of the file.
    pub(crate) fn byte(&self) -> u64 {
        self.json.current_position(false).data_pos.unwrap_or_default()
    }
}

/// The names that an object had so far, to refuse one that comes twice.
#[derive(Debug, Default)]
pub(crate) struct MemberNames(HashSet<u64>);

impl MemberNames {
    pub(crate) fn insert(&mut self, json: &JsonInput<'_>, name: &str) -> Result<(), ReadError> {
        if self.0.insert(hash(name)) {
            return Ok(());
        }
        Err(json.error(format!("`{}` is given twice", shortened(name))))
    }
}
