//! XML that is pulled from a file element by element, with errors that say where.

use crate::json_input::Bytes;
use crate::metered::{Allowance, Metered};
use crate::read_fault::shortened;
use crate::{FilePlace, ReadFault};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader};

/// The deepest nesting of a file.
const MAX_DEPTH: usize = 100;

/// A file of one XML element.
pub(crate) struct XmlInput<'input> {
    reader: Reader<Metered<Bytes<'input>>>,
    allowance: Allowance,
    buffer: Vec<u8>,
    path: Vec<String>,
}

/// An element that begins, with those of its attributes that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
}

/// The attributes that are kept; coordinates, which may be large, are not.
const KEPT: [&str; 9] = ["id", "name", "label", "task_id", "subset", "frame", "outside", "keyframe", "source"];

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
        let (input, allowance) = Metered::new(input);
        let mut reader = Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, allowance, buffer: Vec::new(), path: Vec::new() }
    }

    /// Goes into the next element inside the current one, or out of the current one: then there is none.
    pub(crate) fn next_child(&mut self) -> Result<Option<Element>, ReadFault> {
        loop {
            match self.pull()? {
                Pulled::Start(element) => return Ok(Some(element)),
                Pulled::End => return Ok(None),
                Pulled::Eof if self.path.is_empty() => return Ok(None),
                Pulled::Eof => return Err(self.fault("the file ends inside this element")),
                Pulled::Text(_) => {}
            }
        }
    }

    /// Goes out of the current element, with the text that it has.
    pub(crate) fn text(&mut self) -> Result<String, ReadFault> {
        let mut text = String::new();
        loop {
            match self.pull()? {
                Pulled::Text(more) => text.push_str(&more),
                Pulled::Start(element) => {
                    return Err(self.fault(format!("expected text, found `{}`", shortened(&element.name))));
                }
                Pulled::End => return Ok(text.trim().to_owned()),
                Pulled::Eof => return Err(self.fault("the file ends inside this element")),
            }
        }
    }

    /// Goes out of the current element, past all that it has.
    pub(crate) fn skip(&mut self) -> Result<(), ReadFault> {
        let depth = self.path.len();
        while self.path.len() >= depth {
            if matches!(self.pull()?, Pulled::Eof) {
                return Err(self.fault("the file ends inside this element"));
            }
        }
        Ok(())
    }

    /// A fault at the current place.
    pub(crate) fn fault(&self, reason: impl Into<String>) -> ReadFault {
        ReadFault::wrong(self.place(), reason)
    }

    /// The current place.
    pub(crate) fn place(&self) -> FilePlace {
        self.place_at(self.byte())
    }

    fn place_at(&self, byte: u64) -> FilePlace {
        let path = (!self.path.is_empty()).then(|| self.path.join("/"));
        FilePlace { byte: Some(byte), line: None, path }
    }

    fn pull(&mut self) -> Result<Pulled, ReadFault> {
        loop {
            self.allowance.one_element();
            self.buffer.clear();
            let mut buffer = std::mem::take(&mut self.buffer);
            let pulled = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => self.take(event),
                Err(error) => Err(self.fault_of(&error, self.reader.error_position())),
            };
            self.buffer = buffer;
            if let Some(pulled) = pulled? {
                return Ok(pulled);
            }
        }
    }

    fn take(&mut self, event: Event<'_>) -> Result<Option<Pulled>, ReadFault> {
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

    fn start(&mut self, start: &BytesStart<'_>) -> Result<Pulled, ReadFault> {
        let name = start.name().into_inner().to_owned();
        self.path.push(shortened(&name).into_owned());
        if self.path.len() > MAX_DEPTH {
            return Err(self.fault(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.fault(format!("not XML: {error}")))?;
            let key = attribute.key.into_inner();
            if KEPT.contains(&key) {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                let value = value.map_err(|error| self.fault(format!("not XML: {error}")))?;
                attributes.push((key.to_owned(), value.into_owned()));
            }
        }
        Ok(Pulled::Start(Element { name, attributes }))
    }

    fn resolve(&self, reference: &BytesRef<'_>) -> Result<String, ReadFault> {
        let character = reference.resolve_char_ref().map_err(|error| self.fault_of(&error, self.byte()))?;
        if let Some(character) = character {
            return Ok(character.into());
        }
        let name = reference.xml10_content();
        let known = quick_xml::escape::resolve_predefined_entity(&name);
        known.map(str::to_owned).ok_or_else(|| self.fault(format!("the entity `{}` is unknown", shortened(&name))))
    }

    fn check_encoding(&self, declaration: &BytesDecl<'_>) -> Result<(), ReadFault> {
        let Some(encoding) = declaration.encoding() else { return Ok(()) };
        let encoding = encoding.map_err(|error| self.fault(format!("not XML: {error}")))?;
        if ["utf-8", "utf8", "us-ascii"].iter().any(|known| encoding.eq_ignore_ascii_case(known)) {
            return Ok(());
        }
        Err(self.fault(format!("the file is in {encoding}: it must be converted to UTF-8 first")))
    }

    fn byte(&self) -> u64 {
        self.reader.buffer_position()
    }

    fn fault_of(&self, error: &Error, byte: u64) -> ReadFault {
        let place = self.place_at(byte);
        match error {
            Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                ReadFault::wrong(place, error.to_string())
            }
            Error::Io(error) => ReadFault::io(place, error),
            Error::Encoding(_) => ReadFault::wrong(place, "not UTF-8: the file must be converted to UTF-8 first"),
            Error::Syntax(_) | Error::IllFormed(_) | Error::InvalidAttr(_) | Error::Escape(_) | Error::Namespace(_) => {
                ReadFault::wrong(place, format!("not XML: {error}"))
            }
        }
    }
}
