//! XML that is pulled from a file element by element, with errors that say where.

mod element;
mod path;
mod source;

pub(crate) use element::Element;
pub(crate) use source::Mark;

use crate::error::shortened;
use crate::input::metered::Bytes;
use crate::input::xml::path::Path;
use crate::input::xml::source::{XmlSource, line_feeds};
use crate::{FilePlace, ReadError};
use quick_xml::events::{BytesDecl, BytesRef, Event};
use quick_xml::{Error, Reader};
use std::borrow::Cow;

/// The deepest nesting of a file.
const MAX_DEPTH: usize = 100;

/// A file of one XML element.
pub(crate) struct XmlInput<'input> {
    reader: Reader<XmlSource<'input>>,
    buffer: Vec<u8>,
    /// The last text that was wanted, so that the next one has its room.
    text: String,
    path: Path,
}

/// What was pulled; text is added to what the caller gives for it.
enum Pulled {
    Start(Element),
    End,
    Eof,
}

impl<'input> XmlInput<'input> {
    pub(crate) fn new(input: Bytes<'input>) -> Self {
        let mut reader = Reader::from_reader(XmlSource::new(input));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), text: String::new(), path: Path::default() }
    }

    /// Goes into the next element inside the current one, or out of the current one: then there is none.
    pub(crate) fn next_child(&mut self) -> Result<Option<Element>, ReadError> {
        match self.pull(None)? {
            Pulled::Start(element) => Ok(Some(element)),
            Pulled::End => Ok(None),
            Pulled::Eof if self.path.depth() == 0 => Ok(None),
            Pulled::Eof => Err(self.error("the file ends inside this element")),
        }
    }

    /// Goes out of the current element, with the text that it has.
    pub(crate) fn text(&mut self) -> Result<&str, ReadError> {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        let pulled = self.pull(Some(&mut text));
        self.text = text;
        match pulled? {
            Pulled::Start(element) => Err(self.error(format!("expected text, found `{}`", shortened(element.name())))),
            Pulled::End => Ok(trimmed(&self.text)),
            Pulled::Eof => Err(self.error("the file ends inside this element")),
        }
    }

    /// Goes out of the current element, past all that it has.
    pub(crate) fn skip(&mut self) -> Result<(), ReadError> {
        let depth = self.path.depth();
        while self.path.depth() >= depth {
            if matches!(self.pull(None)?, Pulled::Eof) {
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
        self.place_at(self.current())
    }

    /// The current place, to come back to.
    pub(crate) fn mark(&mut self) -> Mark {
        self.reader.get_mut().count_lines();
        self.current()
    }

    fn current(&self) -> Mark {
        Mark { byte: self.reader.buffer_position(), ..self.reader.get_ref().mark() }
    }

    fn place_at(&self, mark: Mark) -> FilePlace {
        FilePlace { byte: Some(mark.byte), line: Some(mark.line), path: self.path.shown() }
    }

    /// Pulls what comes next; text before it is added to `text`, where that is wanted.
    fn pull(&mut self, mut text: Option<&mut String>) -> Result<Pulled, ReadError> {
        // It is taken, so that what is read may borrow from it.
        let mut buffer = std::mem::take(&mut self.buffer);
        let pulled = loop {
            let start = self.reader.buffer_position();
            self.reader.get_mut().begin_part();
            buffer.clear();
            let pulled = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => self.take(event, text.as_deref_mut()),
                Err(error) => Err(self.read_error(&error, self.mark_of_error(start, &buffer))),
            };
            if let Some(pulled) = pulled.transpose() {
                break pulled;
            }
        };
        self.buffer = buffer;
        pulled
    }

    /// Where an error is: in what was read since `start`, which is in the buffer, or else at the current place.
    fn mark_of_error(&self, start: u64, buffer: &[u8]) -> Mark {
        let byte = self.reader.error_position();
        let Some(passed) = byte.checked_sub(start).and_then(|passed| usize::try_from(passed).ok()) else {
            return self.current();
        };
        let line = self.reader.get_ref().start_of_part().line;
        Mark { byte, line: line.saturating_add(line_feeds(buffer.get(..passed).unwrap_or(buffer))) }
    }

    /// Takes an event; `None` where more must be pulled.
    fn take(&mut self, event: Event<'_>, text: Option<&mut String>) -> Result<Option<Pulled>, ReadError> {
        match event {
            Event::Start(start) | Event::Empty(start) => {
                self.path.enter(start.name().into_inner());
                if self.path.depth() > MAX_DEPTH {
                    return Err(self.error(format!("nested deeper than {MAX_DEPTH} levels")));
                }
                return Element::read(&start)
                    .map(|element| Some(Pulled::Start(element)))
                    .map_err(|error| self.error(error));
            }
            Event::End(_) => {
                self.path.leave();
                return Ok(Some(Pulled::End));
            }
            Event::Eof => return Ok(Some(Pulled::Eof)),
            Event::Text(more) => add(text, || more.xml10_content()),
            Event::CData(more) => add(text, || more.xml10_content()),
            Event::GeneralRef(reference) => {
                let resolved = self.resolve(&reference)?;
                add(text, || resolved.into());
            }
            Event::Decl(declaration) => self.check_encoding(&declaration)?,
            Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        Ok(None)
    }

    fn resolve(&self, reference: &BytesRef<'_>) -> Result<String, ReadError> {
        let character = reference.resolve_char_ref().map_err(|error| self.read_error(&error, self.current()))?;
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

/// A text without the blanks around it.
pub(crate) fn trimmed(text: &str) -> &str {
    let is_visible = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    // Few have any, and those of Unicode take long to look for.
    if is_visible(bytes.first()) && is_visible(bytes.last()) { text } else { text.trim() }
}

fn add<'text>(text: Option<&mut String>, more: impl FnOnce() -> Cow<'text, str>) {
    if let Some(text) = text {
        text.push_str(&more());
    }
}
