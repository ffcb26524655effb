//! XML that is pulled from a file element by element, with errors that say where.

use crate::error::shortened;
use crate::input::line_counter::{LineCounter, line_feeds};
use crate::input::metered::{Allowance, Bytes, Metered};
use crate::stable_id::hash;
use crate::{FilePlace, ReadError};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader};

/// The deepest nesting of a file.
const MAX_DEPTH: usize = 100;

/// A file of one XML element.
pub(crate) struct XmlInput<'input> {
    reader: Reader<Metered<LineCounter<Bytes<'input>>>>,
    allowance: Allowance,
    buffer: Vec<u8>,
    path: Vec<String>,
}

/// An element that begins, with those of its attributes that were requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    /// A hash of the attributes that are not kept, in whatever order.
    pub(crate) fingerprint: u64,
}

/// The attributes that are kept; coordinates, which may be large, are not.
const KEPT: [&str; 8] = ["id", "name", "label", "task_id", "subset", "frame", "outside", "keyframe"];

/// A place that was passed: where an element begins that turned out to be invalid only when all of it was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    byte: u64,
    line: u64,
}

enum Pulled {
    Start(Element),
    Text(String),
    End,
    Eof,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl<'input> XmlInput<'input> {
    pub(crate) fn new(input: Bytes<'input>) -> Self {
        let (input, allowance) = Metered::new(LineCounter::new(input));
        let mut reader = Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, allowance, buffer: Vec::new(), path: Vec::new() }
    }

    /// Goes into the next element inside the current one, or out of the current one: then there is none.
    pub(crate) fn next_child(&mut self) -> Result<Option<Element>, ReadError> {
        loop {
            match self.pull()? {
                Pulled::Start(element) => return Ok(Some(element)),
                Pulled::End => return Ok(None),
                Pulled::Eof if self.path.is_empty() => return Ok(None),
                Pulled::Eof => return Err(self.error("the file ends inside this element")),
                Pulled::Text(_) => {}
            }
        }
    }

    /// Goes out of the current element, with the text that it has.
    pub(crate) fn text(&mut self) -> Result<String, ReadError> {
        let mut text = String::new();
        loop {
            match self.pull()? {
                Pulled::Text(more) => text.push_str(&more),
                Pulled::Start(element) => {
                    return Err(self.error(format!("expected text, found `{}`", shortened(&element.name))));
                }
                Pulled::End => return Ok(text.trim().to_owned()),
                Pulled::Eof => return Err(self.error("the file ends inside this element")),
            }
        }
    }

    /// Goes out of the current element, past all that it has.
    pub(crate) fn skip(&mut self) -> Result<(), ReadError> {
        let depth = self.path.len();
        while self.path.len() >= depth {
            if matches!(self.pull()?, Pulled::Eof) {
                return Err(self.error("the file ends inside this element"));
            }
        }
        Ok(())
    }

    /// An error at the current place.
    pub(crate) fn error(&self, reason: impl Into<String>) -> ReadError {
        ReadError::invalid(self.place(), reason)
    }

    /// An error of what began at a place that was passed, in the current element.
    pub(crate) fn error_at(&self, mark: Mark, reason: impl Into<String>) -> ReadError {
        ReadError::invalid(self.place_at(mark), reason)
    }

    /// The current place.
    pub(crate) fn place(&self) -> FilePlace {
        self.place_at(self.mark())
    }

    /// The current place, to come back to.
    pub(crate) fn mark(&self) -> Mark {
        Mark { byte: self.reader.buffer_position(), line: self.reader.get_ref().input().line() }
    }

    fn place_at(&self, mark: Mark) -> FilePlace {
        let path = (!self.path.is_empty()).then(|| self.path.join("/"));
        FilePlace { byte: Some(mark.byte), line: Some(mark.line), path }
    }

    fn pull(&mut self) -> Result<Pulled, ReadError> {
        loop {
            self.allowance.one_element();
            self.buffer.clear();
            let mut buffer = std::mem::take(&mut self.buffer);
            let start = self.mark();
            let pulled = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => self.take(event),
                Err(error) => Err(self.read_error(&error, self.mark_of_error(start, &buffer))),
            };
            self.buffer = buffer;
            if let Some(pulled) = pulled? {
                return Ok(pulled);
            }
        }
    }

    /// Where an error is: in what was read since `start`, which is in the buffer, or else at the current place.
    fn mark_of_error(&self, start: Mark, buffer: &[u8]) -> Mark {
        let byte = self.reader.error_position();
        let Some(passed) = byte.checked_sub(start.byte).and_then(|passed| usize::try_from(passed).ok()) else {
            return self.mark();
        };
        Mark { byte, line: start.line.saturating_add(line_feeds(buffer, passed)) }
    }

    fn take(&mut self, event: Event<'_>) -> Result<Option<Pulled>, ReadError> {
        Ok(match event {
            Event::Start(start) | Event::Empty(start) => Some(self.start(&start)?),
            Event::End(_) => {
                self.path.pop();
                Some(Pulled::End)
            }
            Event::Text(text) => Some(Pulled::Text(text.xml10_content().into_owned())),
            Event::CData(text) => Some(Pulled::Text(text.xml10_content().into_owned())),
            Event::GeneralRef(reference) => Some(Pulled::Text(self.resolve(&reference)?)),
            Event::Decl(declaration) => {
                self.check_encoding(&declaration)?;
                None
            }
            Event::Comment(_) | Event::PI(_) | Event::DocType(_) => None,
            Event::Eof => Some(Pulled::Eof),
        })
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<Pulled, ReadError> {
        let name = start.name().into_inner().to_owned();
        self.path.push(shortened(&name).into_owned());
        if self.path.len() > MAX_DEPTH {
            return Err(self.error(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let (mut attributes, mut fingerprint) = (Vec::new(), 0_u64);
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.error(format!("not XML: {error}")))?;
            let key = attribute.key.into_inner();
            if KEPT.contains(&key) {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                let value = value.map_err(|error| self.error(format!("not XML: {error}")))?;
                attributes.push((key.to_owned(), value.into_owned()));
            } else {
                fingerprint = fingerprint.wrapping_add(hash(key).rotate_left(1) ^ hash(&attribute.value));
            }
        }
        Ok(Pulled::Start(Element { name, attributes, fingerprint }))
    }

    fn resolve(&self, reference: &BytesRef<'_>) -> Result<String, ReadError> {
        let character = reference.resolve_char_ref().map_err(|error| self.read_error(&error, self.mark()))?;
        if let Some(character) = character {
            return Ok(character.into());
        }
        let name = reference.xml10_content();
        let known = quick_xml::escape::resolve_predefined_entity(&name);
        known.map(str::to_owned).ok_or_else(|| self.error(format!("the entity `{}` is unknown", shortened(&name))))
    }

    fn check_encoding(&self, declaration: &BytesDecl<'_>) -> Result<(), ReadError> {
        let Some(encoding) = declaration.encoding() else { return Ok(()) };
        let encoding = encoding.map_err(|error| self.error(format!("not XML: {error}")))?;
        if ["utf-8", "utf8", "us-ascii"].iter().any(|known| encoding.eq_ignore_ascii_case(known)) {
            return Ok(());
        }
        Err(self.error(format!("the file is in {encoding}: it must be converted to UTF-8 first")))
    }

    fn read_error(&self, error: &Error, mark: Mark) -> ReadError {
        let place = self.place_at(mark);
        match error {
            Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                ReadError::invalid(place, error.to_string())
            }
            Error::Io(error) => ReadError::io(place, error),
            Error::Encoding(_) => ReadError::invalid(place, "not UTF-8: the file must be converted to UTF-8 first"),
            Error::Syntax(_) | Error::IllFormed(_) | Error::InvalidAttr(_) | Error::Escape(_) | Error::Namespace(_) => {
                ReadError::invalid(place, format!("not XML: {error}"))
            }
        }
    }
}
