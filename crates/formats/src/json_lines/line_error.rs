//! Errors in lines of input.

use std::fmt;
use std::io;

/// A longer path of a field is shown with its start only.
const MAX_FIELD_CHARS: usize = 100;

/// An error in a line of input, in words for the user who made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LineError {
    /// The line, from 1.
    pub line: u64,
    /// The field, as a path such as `instanceInfo.car`; `None` when it is about the line as a whole.
    pub field: Option<String>,
    /// Why it is invalid.
    pub reason: String,
    /// Whether the line was read at all.
    pub kind: LineErrorKind,
}

/// Whether reading can go on after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineErrorKind {
    /// The line is invalid; the next may be valid.
    Invalid,
    /// The input itself failed; there are no further lines.
    Io,
}

impl LineError {
    pub(super) fn whole(line: u64, reason: impl Into<String>) -> Self {
        Self { line, field: None, reason: reason.into(), kind: LineErrorKind::Invalid }
    }

    pub(super) fn io(line: u64, error: &io::Error) -> Self {
        Self { line, field: None, reason: format!("the input cannot be read: {error}"), kind: LineErrorKind::Io }
    }

    /// The error of a JSON value at `path`, which is `.` for the line as a whole and ends with a dot at an empty key.
    pub(super) fn json(line: u64, path: &str, error: &serde_json::Error) -> Self {
        let reason = reason_of(error);
        if error.is_syntax() || error.is_eof() {
            return Self::whole(line, format!("not JSON at byte {}: {reason}", error.column()));
        }
        match path.strip_suffix('.') {
            Some("") => Self::whole(line, reason),
            Some(parent) => Self::field(line, parent, format!("a key {reason}")),
            None => Self::field(line, path, reason),
        }
    }

    /// The field and the reason, without the number of the line: where that is not the one of the file.
    pub fn without_line(&self) -> String {
        let field = self.field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default();
        format!("{field}{}", self.reason)
    }

    fn field(line: u64, path: &str, reason: String) -> Self {
        let shown = path.char_indices().nth(MAX_FIELD_CHARS).and_then(|(end, _)| path.get(..end));
        let field = shown.map_or_else(|| path.to_owned(), |start| format!("{start}..."));
        Self { field: Some(field), ..Self::whole(line, reason) }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: ", self.line)?;
        if let Some(field) = &self.field {
            write!(formatter, "{field}: ")?;
        }
        formatter.write_str(&self.reason)
    }
}

/// The message of `error` in the terms of the public API instead of Rust's, and without a line that is always 1.
fn reason_of(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let number_types = ["i64", "i32", "i16"];
    let of_rust = number_types.iter().find_map(|name| message.strip_suffix(name)?.strip_suffix("expected "));
    of_rust.map_or_else(|| message.to_owned(), |start| format!("{start}expected a whole number within its range"))
}
