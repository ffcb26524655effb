//! Errors in annotation files.

use std::fmt;

/// A longer path or name is shown with its start only.
const MAX_SHOWN_CHARS: usize = 120;

/// An error in an annotation file, and where it is, in words for the user who has it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ReadError {
    /// Where in the file.
    pub place: FilePlace,
    /// Why it is invalid.
    pub reason: String,
    /// Whether it is the file that is invalid.
    pub kind: ReadErrorKind,
}

/// A place in a file; what is not known is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilePlace {
    /// The byte, from 0.
    pub byte: Option<u64>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// A JSON path such as `$.annotations[3].image_id`, or XML elements such as `annotations/image/box`.
    pub path: Option<String>,
}

/// Whether it is the file that is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// The file is invalid, or is not of the format that was given.
    Invalid,
    /// The file is no annotation file but [JSON Lines](crate::JsonLines): what it has is counted already.
    AlreadyCounted,
    /// The id of a task is made of the name of the file, and it has none: it comes out of a pipe.
    NameNeeded,
    /// The file could not be read.
    Io,
}

impl ReadError {
    pub(crate) fn invalid(place: FilePlace, reason: impl Into<String>) -> Self {
        Self { place, reason: reason.into(), kind: ReadErrorKind::Invalid }
    }

    pub(crate) fn name_needed() -> Self {
        let reason = "the id of the task is made of the name of the file, and this has none";
        Self { place: FilePlace::default(), reason: reason.to_owned(), kind: ReadErrorKind::NameNeeded }
    }

    pub(crate) fn io(place: FilePlace, error: &std::io::Error) -> Self {
        Self { place, reason: format!("the file cannot be read: {error}"), kind: ReadErrorKind::Io }
    }
}

impl FilePlace {
    /// A place of which only the byte is known.
    pub(crate) fn at_byte(byte: u64) -> Self {
        Self { byte: Some(byte), ..Self::default() }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        let parts = [
            place.line.map(|line| format!("line {line}")),
            place.byte.map(|byte| format!("byte {byte}")),
            place.path.as_deref().map(|path| shortened(path).into_owned()),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        if !parts.is_empty() {
            write!(formatter, "{}: ", parts.join(", "))?;
        }
        formatter.write_str(&self.reason)
    }
}

/// The start of a text that is too long to be shown in a message.
pub(crate) fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    if text.len() <= MAX_SHOWN_CHARS {
        return text.into();
    }
    match text.char_indices().nth(MAX_SHOWN_CHARS).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start}...").into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_is_known_of_its_place() {
        let place = FilePlace { byte: Some(40), line: Some(3), path: Some("$.a[1]".to_owned()) };
        assert_eq!(ReadError::invalid(place, "no").to_string(), "line 3, byte 40, $.a[1]: no");
        assert_eq!(ReadError::invalid(FilePlace::at_byte(7), "no").to_string(), "byte 7: no");
        assert_eq!(ReadError::invalid(FilePlace::default(), "no").to_string(), "no");
    }

    #[test]
    fn a_long_name_is_shortened_between_characters() {
        assert_eq!(shortened(&"é".repeat(121)), format!("{}...", "é".repeat(120)));
        assert_eq!(shortened("short"), "short");
    }
}
