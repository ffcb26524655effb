//! Reads JSON objects, with errors for the person who sent them.

use serde::Deserialize;
use std::fmt;

/// Only the start of a longer field or reason is shown.
const MAX_FIELD_CHARS: usize = 100;
const MAX_REASON_CHARS: usize = 200;

/// Why a JSON value is invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonError {
    /// A path such as `instanceInfo.car`; `None` when it is about the value as a whole.
    pub(crate) field: Option<String>,
    pub(crate) reason: String,
}

impl JsonError {
    pub(crate) fn whole(reason: impl Into<String>) -> Self {
        Self { field: None, reason: reason.into() }
    }

    pub(crate) fn field(path: &str, reason: impl Into<String>) -> Self {
        Self { field: Some(shortened(path, MAX_FIELD_CHARS)), reason: reason.into() }
    }

    /// The error of a value at `path`, which is `.` for the whole and ends with a dot at an empty key.
    fn at(path: &str, error: &serde_json::Error) -> Self {
        if error.is_syntax() || error.is_eof() {
            return Self::whole(syntax(error));
        }
        let reason = reason_of(error);
        let parent = path.strip_suffix('.');
        let of_member = |start: &str| reason.strip_prefix(start).and_then(|name| name.strip_suffix('`'));
        let member = |name: &str| if path == "." { name.to_owned() } else { format!("{path}.{name}") };
        if let Some(name) = of_member("missing field `") {
            Self::field(&member(name), "is missing")
        } else if let Some(name) = of_member("duplicate field `") {
            Self::field(&member(name), "must be given only once")
        } else if parent == Some("") {
            Self::whole(reason)
        } else {
            parent.map_or_else(|| Self::field(path, reason.clone()), |of| Self::field(of, format!("a key {reason}")))
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(formatter, "{field}: ")?;
        }
        formatter.write_str(&self.reason)
    }
}

/// Reads an object. An invalid one is read again, slower, to find the invalid field.
pub(crate) fn read_object<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, JsonError> {
    // serde would read a struct from a list as well, by position.
    if text.trim_ascii_start().starts_with('[') {
        return Err(JsonError::whole("must be an object"));
    }
    serde_json::from_str::<T>(text).map_err(|error| {
        let mut json = serde_json::Deserializer::from_str(text);
        match serde_path_to_error::deserialize::<_, T>(&mut json) {
            Err(traced) => JsonError::at(&traced.path().to_string(), traced.inner()),
            // Trailing characters.
            Ok(_) => JsonError::at(".", &error),
        }
    })
}

/// The place where a text stops being JSON.
pub(crate) fn syntax(error: &serde_json::Error) -> String {
    let line = if error.line() > 1 { format!("line {}, ", error.line()) } else { String::new() };
    format!("is not JSON at {line}byte {}: {}", error.column(), reason_of(error))
}

/// The message of `error` in terms of the API instead of Rust, without the place.
pub(crate) fn reason_of(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&place).unwrap_or(&message);
    let of_rust = ["i64", "i32", "i16"].iter().find_map(|name| message.strip_suffix(name)?.strip_suffix("expected "));
    if let Some(start) = of_rust {
        return format!("{}expected a whole number within its range", shortened(start, MAX_REASON_CHARS));
    }
    if let Some((start, _)) = message.split_once(", expected struct ") {
        return format!("{}, expected an object", shortened(start, MAX_REASON_CHARS));
    }
    shortened(message, MAX_REASON_CHARS)
}

fn shortened(text: &str, most: usize) -> String {
    let start = text.char_indices().nth(most).and_then(|(end, _)| text.get(..end));
    start.map_or_else(|| text.to_owned(), |start| format!("{start}..."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only how it is refused matters")]
    struct Sample {
        id: i64,
        info: BTreeMap<String, i32>,
    }

    #[test]
    fn an_error_names_the_field_and_the_reason() {
        let long = format!(r#"{{"id":"{}"}}"#, "x".repeat(1000));
        let shown =
            format!("id: invalid type: string \"{}...expected a whole number within its range", "x".repeat(178));
        for (text, expected) in [
            (r#"{"id":7}"#, "info: is missing"),
            (r#"{"id":7,"id":8}"#, "id: must be given only once"),
            (r#"{"id":7.0}"#, "id: invalid type: floating point `7.0`, expected a whole number within its range"),
            (r#"{"id":7,"info":{"a":null}}"#, "info.a: invalid type: null, expected a whole number within its range"),
            (r#"{"id":7"#, "is not JSON at byte 7: EOF while parsing an object"),
            ("{\n\"id\" 7}", "is not JSON at line 2, byte 6: expected `:`"),
            (r#"{"id":7,"info":{}} x"#, "is not JSON at byte 20: trailing characters"),
            ("", "is not JSON at byte 0: EOF while parsing a value"),
            (" [7,{}]", "must be an object"),
            ("7", "invalid type: integer `7`, expected an object"),
            (long.as_str(), shown.as_str()),
        ] {
            assert_eq!(read_object::<Sample>(text).unwrap_err().to_string(), expected, "{text}");
        }
    }
}
