//! JSON that is pulled from a file value by value, with errors that say where.

use crate::error::shortened;
use crate::input::json::cursor::{Cursor, LONGEST_TEXT};
use crate::input::json::error::{place_of, step_back};
use crate::input::metered::Bytes;
use crate::input::seen_names::SeenNames;
use crate::{FilePlace, ReadError};
use serde::de::{DeserializeOwned, IgnoredAny};
use struson::reader::ValueType;

/// A value that is passed over is passed part by part where it has more bytes.
const LONGEST_SKIPPED: usize = 1 << 18;

/// A file of one or several JSON values.
///
/// Values are parsed from the text in memory. Only an error there, or what is not plain to see, is read again by the careful
/// way, which knows its place: what that says holds.
///
/// `NaN` and `Infinity`, which Python writes, may be in values that are passed over; see
/// [`NonNumbers`](crate::input::non_numbers::NonNumbers).
pub(crate) struct JsonInput<'input> {
    cursor: Cursor<'input>,
    /// Whether a value was just taken, so that the reader is behind it.
    is_behind: bool,
}

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a path to a method is of one lifetime, and what is called here must be of any"
)]
impl<'input> JsonInput<'input> {
    pub(crate) fn new(input: Bytes<'input>) -> Self {
        Self { cursor: Cursor::new(input), is_behind: false }
    }

    /// The kind of the next value.
    pub(crate) fn peek(&mut self) -> Result<ValueType, ReadError> {
        match self.cursor.peek() {
            Some(kind) => Ok(kind),
            None => self.cursor.carefully(|careful| careful.peek()),
        }
    }

    /// Whether the array, the object or the file has a further value.
    pub(crate) fn has_next(&mut self) -> Result<bool, ReadError> {
        self.is_behind = false;
        if let Some(has_next) = self.cursor.has_next() {
            return Ok(has_next);
        }
        let has_next = self.cursor.carefully(|careful| careful.has_next())?;
        if has_next {
            self.cursor.containers().separate();
        }
        Ok(has_next)
    }

    /// Goes into an array.
    pub(crate) fn begin_array(&mut self) -> Result<(), ReadError> {
        if !self.cursor.open(b'[') {
            self.cursor.carefully(|careful| careful.begin_array())?;
        }
        self.cursor.containers().begin_array();
        Ok(())
    }

    /// Leaves an array without a further value.
    pub(crate) fn end_array(&mut self) -> Result<(), ReadError> {
        self.is_behind = true;
        if !self.cursor.close(b']') {
            self.cursor.carefully(|careful| careful.end_array())?;
        }
        self.cursor.containers().end();
        Ok(())
    }

    /// Goes into an object.
    pub(crate) fn begin_object(&mut self) -> Result<(), ReadError> {
        if !self.cursor.open(b'{') {
            self.cursor.carefully(|careful| careful.begin_object())?;
        }
        self.cursor.containers().begin_object();
        Ok(())
    }

    /// Leaves an object without a further member.
    pub(crate) fn end_object(&mut self) -> Result<(), ReadError> {
        self.is_behind = true;
        if !self.cursor.close(b'}') {
            self.cursor.carefully(|careful| careful.end_object())?;
        }
        self.cursor.containers().end();
        Ok(())
    }

    /// The name of the next member.
    pub(crate) fn name(&mut self) -> Result<String, ReadError> {
        let name = match self.cursor.name() {
            Some(name) => name,
            None => self.cursor.carefully(|careful| careful.name())?,
        };
        self.cursor.containers().name(&name);
        Ok(name)
    }

    /// Passes over the next value, whatever its size.
    pub(crate) fn skip(&mut self) -> Result<(), ReadError> {
        let depth = self.cursor.containers().depth();
        loop {
            if self.cursor.containers().depth() == depth || self.has_next()? {
                self.skip_or_enter()?;
            } else if self.cursor.containers().expects_name() {
                self.end_object()?;
            } else {
                self.end_array()?;
            }
            if self.cursor.containers().depth() == depth {
                self.is_behind = true;
                return Ok(());
            }
        }
    }

    /// Passes over the next value, or into it where it is long.
    fn skip_or_enter(&mut self) -> Result<(), ReadError> {
        if self.cursor.containers().expects_name() {
            self.name()?;
        }
        if self.cursor.element::<IgnoredAny>(LONGEST_SKIPPED).is_some() {
            self.cursor.containers().end_value();
            return Ok(());
        }
        match self.peek()? {
            ValueType::Array => self.begin_array(),
            ValueType::Object => self.begin_object(),
            ValueType::String | ValueType::Number | ValueType::Boolean | ValueType::Null => {
                self.cursor.carefully(|careful| careful.skip())?;
                self.cursor.containers().end_value();
                Ok(())
            }
        }
    }

    /// The next value as a whole: at most [`MAX_ELEMENT_BYTES`](crate::MAX_ELEMENT_BYTES).
    pub(crate) fn element<T: DeserializeOwned>(&mut self) -> Result<T, ReadError> {
        self.is_behind = false;
        let element = match self.cursor.element(LONGEST_TEXT) {
            Some(element) => element,
            None => self.cursor.carefully(|careful| careful.element())?,
        };
        self.cursor.containers().end_value();
        self.is_behind = true;
        Ok(element)
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
        let mut position = self.cursor.position();
        if self.is_behind {
            step_back(&mut position);
        }
        place_of(&position)
    }

    /// The current byte of the file.
    pub(crate) fn byte(&self) -> u64 {
        self.cursor.byte()
    }
}

/// The names that an object had so far, to refuse one that comes twice.
#[derive(Debug, Default)]
pub(crate) struct MemberNames(SeenNames);

impl MemberNames {
    pub(crate) fn insert(&mut self, json: &JsonInput<'_>, name: &str) -> Result<(), ReadError> {
        if self.0.insert(name) {
            return Ok(());
        }
        Err(json.error(format!("`{}` is given twice", shortened(name))))
    }
}
