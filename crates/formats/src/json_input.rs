//! JSON that is pulled from a file value by value, with errors that say where.

use crate::metered::{Allowance, MAX_ELEMENT_BYTES, Metered};
use crate::read_fault::shortened;
use crate::stable_id::hash;
use crate::{FilePlace, ReadFault};
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use std::io::{self, BufRead};
use struson::reader::json_path::JsonPathPiece;
use struson::reader::{JsonReader, JsonReaderPosition, JsonStreamReader, ReaderError, ReaderSettings, ValueType};
use struson::serde::DeserializerError;

/// The bytes of a file, whatever they come from.
pub(crate) type Bytes<'input> = Box<dyn BufRead + Send + 'input>;

/// The deepest nesting of a file.
pub(crate) const MAX_DEPTH: u32 = 100;

/// A file of one or several JSON values.
pub(crate) struct JsonInput<'input> {
    json: JsonStreamReader<Metered<Bytes<'input>>>,
    allowance: Allowance,
    /// Whether a value was just taken, so that the reader stands behind it.
    is_behind: bool,
}

impl<'input> JsonInput<'input> {
    pub(crate) fn new(input: Bytes<'input>) -> Self {
        let (input, allowance) = Metered::new(input);
        let settings = ReaderSettings {
            allow_multiple_top_level: true,
            max_nesting_depth: Some(MAX_DEPTH),
            restrict_number_values: false,
            ..ReaderSettings::default()
        };
        Self { json: JsonStreamReader::new_custom(input, settings), allowance, is_behind: false }
    }

    /// The kind of the next value.
    pub(crate) fn peek(&mut self) -> Result<ValueType, ReadFault> {
        self.json.peek().map_err(|error| fault_of(&error))
    }

    /// Whether the array, the object or the file has a further value.
    pub(crate) fn has_next(&mut self) -> Result<bool, ReadFault> {
        self.allowance.everything();
        self.is_behind = false;
        self.json.has_next().map_err(|error| fault_of(&error))
    }

    /// Goes into an array.
    pub(crate) fn begin_array(&mut self) -> Result<(), ReadFault> {
        self.json.begin_array().map_err(|error| fault_of(&error))
    }

    /// Leaves an array without a further value.
    pub(crate) fn end_array(&mut self) -> Result<(), ReadFault> {
        self.is_behind = true;
        self.json.end_array().map_err(|error| fault_of(&error))
    }

    /// Goes into an object.
    pub(crate) fn begin_object(&mut self) -> Result<(), ReadFault> {
        self.json.begin_object().map_err(|error| fault_of(&error))
    }

    /// Leaves an object without a further member.
    pub(crate) fn end_object(&mut self) -> Result<(), ReadFault> {
        self.is_behind = true;
        self.json.end_object().map_err(|error| fault_of(&error))
    }

    /// The name of the next member.
    pub(crate) fn name(&mut self) -> Result<String, ReadFault> {
        self.allowance.one_element();
        self.json.next_name_owned().map_err(|error| fault_of(&error))
    }

    /// Passes over the next value, whatever its size.
    pub(crate) fn skip(&mut self) -> Result<(), ReadFault> {
        self.allowance.everything();
        self.json.skip_value().map_err(|error| fault_of(&error))?;
        self.is_behind = true;
        Ok(())
    }

    /// The next value as a whole: at most [`MAX_ELEMENT_BYTES`].
    pub(crate) fn element<T: DeserializeOwned>(&mut self) -> Result<T, ReadFault> {
        self.allowance.one_element();
        self.is_behind = false;
        let element = self.json.deserialize_next().map_err(|error| match &error {
            DeserializerError::ReaderError(error) => fault_of(error),
            DeserializerError::InvalidNumber(_) => self.fault("expected a whole number of at most 64 bits"),
            DeserializerError::Custom(reason) => self.fault_of_element(reason),
            DeserializerError::MaxNestingDepthExceeded(depth) => self.fault(too_deep(*depth)),
            other => self.fault(other.to_string()),
        })?;
        self.is_behind = true;
        Ok(element)
    }

    /// The fault of an element that is JSON, but not what it should be.
    fn fault_of_element(&self, reason: &str) -> ReadFault {
        let mut position = self.json.current_position(true);
        if reason.starts_with("missing field") {
            // The reader stands at the element's last member.
            position.path.as_mut().map(Vec::pop);
        }
        let reason = match reason.split_once("expected struct ") {
            Some((start, _)) => format!("{start}expected an object"),
            None => reason.to_owned(),
        };
        ReadFault::wrong(place_of(&position), reason)
    }

    /// Gives each member of the next value, an object, to `each`, which must take its value.
    pub(crate) fn object(
        &mut self,
        mut each: impl FnMut(&mut Self, &str) -> Result<(), ReadFault>,
    ) -> Result<(), ReadFault> {
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
    pub(crate) fn array(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), ReadFault>) -> Result<(), ReadFault> {
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
    pub(crate) fn finish(&mut self) -> Result<(), ReadFault> {
        if self.has_next()? { Err(self.fault("expected the end of the file here")) } else { Ok(()) }
    }

    /// A fault at the current place.
    pub(crate) fn fault(&self, reason: impl Into<String>) -> ReadFault {
        ReadFault::wrong(self.place(), reason)
    }

    /// The current place: that of the value that was just taken, or of the next.
    pub(crate) fn place(&self) -> FilePlace {
        let mut position = self.json.current_position(true);
        if let Some(JsonPathPiece::ArrayItem(index)) = position.path.as_mut().and_then(|path| path.last_mut()) {
            *index = index.saturating_sub(u32::from(self.is_behind));
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
    pub(crate) fn insert(&mut self, json: &JsonInput<'_>, name: &str) -> Result<(), ReadFault> {
        if self.0.insert(hash(name)) {
            return Ok(());
        }
        Err(json.fault(format!("`{}` is given twice", shortened(name))))
    }
}

fn too_deep(depth: u32) -> String {
    format!("nested deeper than {depth} levels")
}

fn fault_of(error: &ReaderError) -> ReadFault {
    match error {
        ReaderError::SyntaxError(error) => {
            ReadFault::wrong(place_of(&error.location), format!("not JSON: {}", words_of(&error.kind.to_string())))
        }
        ReaderError::UnexpectedValueType { expected, actual, location } => {
            ReadFault::wrong(place_of(location), format!("expected {}, found {}", kind_of(*expected), kind_of(*actual)))
        }
        ReaderError::MaxNestingDepthExceeded { max_nesting_depth, location } => {
            ReadFault::wrong(place_of(location), too_deep(*max_nesting_depth))
        }
        ReaderError::IoError { error, location } => fault_of_input(error, place_of(location)),
        ReaderError::UnexpectedStructure { kind, location } => {
            ReadFault::wrong(place_of(location), format!("unexpected structure: {kind}"))
        }
        other @ (ReaderError::UnsupportedNumberValue { .. } | _) => {
            ReadFault::wrong(FilePlace::default(), other.to_string())
        }
    }
}

/// The parser gives text that is not UTF-8, and the meter an element that is too large, as errors of the input.
fn fault_of_input(error: &io::Error, place: FilePlace) -> ReadFault {
    if error.kind() != io::ErrorKind::InvalidData {
        return ReadFault::io(place, error);
    }
    let reason = error.to_string();
    if reason.contains(&MAX_ELEMENT_BYTES.to_string()) {
        ReadFault::wrong(place, reason)
    } else {
        ReadFault::wrong(place, "not UTF-8: the file must be converted to UTF-8 first")
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

fn place_of(position: &JsonReaderPosition) -> FilePlace {
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
