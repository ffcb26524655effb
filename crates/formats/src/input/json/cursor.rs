//! The fast way to read JSON: what is plain to see in the text in memory.

use crate::input::json::careful::{Careful, MAX_DEPTH, Origin};
use crate::input::json::containers::{Containers, Innermost, Separator};
use crate::input::json::source::{Again, Source};
use crate::input::json::tokens::{Tokens, Unclear};
use crate::input::metered::Bytes;
use crate::{FilePlace, ReadError};
use serde::de::DeserializeOwned;
use struson::reader::{JsonReaderPosition, LinePosition, ValueType};

/// A longer text is not looked at for one value, name or row of blanks: what it is the [careful way](Careful) finds out.
pub(super) const LONGEST_TEXT: usize = 4 << 20;

/// The words of JSON.
const WORDS: [&[u8]; 3] = [b"null", b"true", b"false"];

/// The place in a file up to which it is read.
///
/// What is not plain to see is `None`, or `false`, and is read by the [careful way](Self::carefully), whose word holds. So
/// all that matters here is that what is plain to see is what the careful way would say.
pub(super) struct Cursor<'input> {
    source: Source<'input>,
    containers: Containers,
}

impl<'input> Cursor<'input> {
    pub(super) fn new(input: Bytes<'input>) -> Self {
        Self { source: Source::new(input), containers: Containers::default() }
    }

    pub(super) fn containers(&mut self) -> &mut Containers {
        &mut self.containers
    }

    /// The current byte of the file.
    pub(super) fn byte(&self) -> u64 {
        self.source.byte()
    }

    /// The current place.
    pub(super) fn position(&self) -> JsonReaderPosition {
        JsonReaderPosition {
            path: Some(self.containers.path().to_vec()),
            line_pos: Some(LinePosition { line: self.source.line_breaks(), column: 0 }),
            data_pos: Some(self.byte()),
        }
    }

    /// Reads by the careful way, from here on to wherever it comes.
    pub(super) fn carefully<T>(
        &mut self,
        read: impl FnOnce(&mut Careful<'_, Again<'_, 'input>>) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let replay = self.containers.replay();
        let origin = Origin {
            replayed: u64::try_from(replay.len()).unwrap_or(u64::MAX),
            byte: self.source.byte(),
            line_breaks: self.source.line_breaks(),
            containers: self.containers.clone(),
        };
        let mut careful = Careful::new(&replay, self.source.again(), origin)?;
        let result = read(&mut careful)?;
        let byte = careful.byte();
        drop(careful);
        if self.source.go_to(byte) {
            return Ok(result);
        }
        Err(ReadError::invalid(FilePlace::at_byte(byte), "the file cannot be read from here on"))
    }

    /// The kind of the next value, to which the cursor moves.
    pub(super) fn peek(&mut self) -> Option<ValueType> {
        self.go_to_value().then(|| kind_of(self.source.behind(0))).flatten()
    }

    /// Moves to the next value, past the comma or colon and the blanks before it.
    fn go_to_value(&mut self) -> bool {
        let separator = match self.containers.separator() {
            Separator::None => Some(0),
            Separator::Colon => self.next(0).filter(|(_, byte)| *byte == b':').map(|(at, _)| at + 1),
            // Only `has_next` goes past a comma.
            Separator::Comma => None,
        };
        let Some((at, _)) = separator.and_then(|behind| self.next(behind)) else { return false };
        self.source.pass(at);
        self.containers.separate();
        true
    }

    /// The next byte that is no blank, and its place behind the current one.
    #[inline]
    fn next(&mut self, mut behind: usize) -> Option<(usize, u8)> {
        loop {
            let rest = self.source.behind(behind);
            if let Some(blanks) = rest.iter().position(|byte| !is_blank(*byte)) {
                return rest.get(blanks).map(|byte| (behind + blanks, *byte));
            }
            behind += rest.len();
            if !self.source.extend(LONGEST_TEXT) {
                return None;
            }
        }
    }

    /// Whether the array, the object or the file has a further value, to which the cursor moves.
    pub(super) fn has_next(&mut self) -> Option<bool> {
        let is_behind_value = self.containers.separator() == Separator::Comma;
        let (mut at, mut byte) = self.next(0)?;
        let has_comma = is_behind_value && byte == b',';
        if has_comma {
            (at, byte) = self.next(at + 1)?;
        }
        let innermost = self.containers.innermost();
        let is_end = match innermost {
            Innermost::File => false,
            Innermost::Array => byte == b']',
            Innermost::Object => byte == b'}',
        };
        let is_start = if innermost == Innermost::Object { byte == b'"' } else { self.is_value(at) };
        if is_end == has_comma && is_end || !is_end && (!is_start || is_behind_value && !has_comma) {
            return None;
        }
        self.source.pass(at);
        if !is_end {
            self.containers.separate();
        }
        Some(!is_end)
    }

    fn is_value(&self, at: usize) -> bool {
        kind_of(self.source.behind(at)).is_some()
    }

    /// Goes past the bracket that opens the next value.
    pub(super) fn open(&mut self, bracket: u8) -> bool {
        let is_shallow = u32::try_from(self.containers.depth()).is_ok_and(|depth| depth < MAX_DEPTH);
        let is_open = is_shallow && self.go_to_value() && self.source.behind(0).first() == Some(&bracket);
        self.source.pass(usize::from(is_open));
        is_open
    }

    /// Goes past the bracket that closes the innermost array or object.
    pub(super) fn close(&mut self, bracket: u8) -> bool {
        let is_owed = self.containers.expects_value_of_member();
        let end = self.next(0).filter(|(_, byte)| *byte == bracket && !is_owed);
        self.source.pass(end.map_or(0, |(at, _)| at + 1));
        end.is_some()
    }

    /// The name of the next member.
    pub(super) fn name(&mut self) -> Option<String> {
        let is_at_name = self.containers.is_separated() && self.source.behind(0).first() == Some(&b'"');
        if !self.containers.expects_name() || !(is_at_name || self.has_next() == Some(true)) {
            return None;
        }
        loop {
            let text = self.source.text().get(1..)?;
            if let Some(end) = memchr::memchr(b'"', text.as_bytes()) {
                let is_literal = |name: &&str| name.bytes().all(|byte| byte >= b' ' && byte != b'\\');
                let name = text.get(..end).filter(is_literal)?.to_owned();
                self.source.pass(end + 2);
                return Some(name);
            }
            if !self.source.extend(LONGEST_TEXT) {
                return None;
            }
        }
    }

    /// The next value, if it has no more bytes than that.
    pub(super) fn element<T: DeserializeOwned>(&mut self, most: usize) -> Option<T> {
        if !self.go_to_value() {
            return None;
        }
        let depth = usize::try_from(MAX_DEPTH).unwrap_or_default().saturating_sub(self.containers.depth());
        loop {
            let text = self.source.text();
            let mut tokens = Tokens::new(text, depth);
            match T::deserialize(&mut tokens) {
                Ok(element) if tokens.place() < text.len() || self.source.is_whole() => {
                    let end = tokens.place();
                    return self.take(end).then_some(element);
                }
                Ok(_) | Err(Unclear::Ended) => {}
                Err(Unclear::Odd) => return None,
            }
            if !self.source.extend(most) {
                return None;
            }
        }
    }

    /// Takes a value up to its end, which must be one.
    fn take(&mut self, end: usize) -> bool {
        let behind = self.source.behind(end).first();
        let is_ended = behind.is_none_or(|byte| is_blank(*byte) || matches!(byte, b',' | b']' | b'}'));
        self.source.pass(if is_ended { end } else { 0 });
        is_ended
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The kind of the value that begins a text; `None` where it is none, or a word that is not known to its end.
fn kind_of(text: &[u8]) -> Option<ValueType> {
    match text.first()? {
        b'{' => Some(ValueType::Object),
        b'[' => Some(ValueType::Array),
        b'"' => Some(ValueType::String),
        b'-' | b'0'..=b'9' => Some(ValueType::Number),
        first => {
            let word = WORDS.into_iter().find(|word| text.starts_with(word))?;
            let end = text.get(word.len())?;
            let is_ended = is_blank(*end) || matches!(end, b',' | b']' | b'}');
            is_ended.then_some(if *first == b'n' { ValueType::Null } else { ValueType::Boolean })
        }
    }
}
