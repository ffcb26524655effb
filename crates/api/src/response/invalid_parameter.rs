//! How an invalid parameter is reported to the client.

/// The most characters of an invalid value that a message quotes.
const MAX_QUOTED: usize = 32;

/// Which parameter is invalid, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct InvalidParameter(pub(crate) String);

pub(crate) fn invalid(name: &str, why: &str) -> InvalidParameter {
    InvalidParameter(format!("{name} {why}"))
}

/// The start of a text, quoted and escaped, so that messages are short and have no control characters.
pub(crate) fn quoted(text: &str) -> String {
    let start: String = text.chars().take(MAX_QUOTED).collect();
    let more = if start.len() < text.len() { "..." } else { "" };
    format!("{start:?}{more}")
}

/// The start of a JSON value as it was sent, on one line.
pub(crate) fn shown(json: &str) -> String {
    let start: String = json.chars().take(MAX_QUOTED).map(|one| if one.is_control() { ' ' } else { one }).collect();
    let more = if start.len() < json.len() { "..." } else { "" };
    format!("{start}{more}")
}
