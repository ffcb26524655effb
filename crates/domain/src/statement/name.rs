//! The name of a statement.

use std::fmt;
use std::sync::Arc;

/// The name of a statement within its annotation request, such as `2026-11` or `INV-17`.
///
/// 1 to 64 letters, digits and `.`, `_`, `-`, with no dot in front: it goes into a URL, a header and the name of a file as it
/// is. Clones share it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct StatementName(Arc<str>);

/// Why a text is not the name of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {} letters, digits and . _ - with no dot in front, such as 2026-11", StatementName::MAX_BYTES)]
pub struct InvalidStatementName;

impl StatementName {
    /// The largest size, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Checks and keeps a name.
    ///
    /// # Errors
    /// When the text is empty, too long, begins with a dot, or has any other character.
    pub fn new(name: impl Into<Arc<str>>) -> Result<Self, InvalidStatementName> {
        let name = name.into();
        let is_sized = (1..=Self::MAX_BYTES).contains(&name.len()) && !name.starts_with('.');
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if is_sized && name.bytes().all(is_plain) { Ok(Self(name)) } else { Err(InvalidStatementName) }
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for StatementName {
    type Error = InvalidStatementName;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::new(name)
    }
}

impl From<StatementName> for String {
    fn from(name: StatementName) -> Self {
        name.as_str().to_owned()
    }
}

impl fmt::Display for StatementName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_a_url_and_a_file_as_it_is() {
        let longest = "n".repeat(64);
        for (name, expected, reason) in [
            ("2026-11", true, "a month"),
            ("INV-17_b.2", true, "an invoice"),
            (longest.as_str(), true, "64 bytes"),
            ("", false, "it names nothing"),
            (".", false, "a folder"),
            ("..", false, "the folder above"),
            (".hidden", false, "a hidden file"),
            ("a/b", false, "a slash ends a part of a path"),
            ("a b", false, "a space"),
            ("näme", false, "not ASCII"),
            ("a\n", false, "a line end would end a header"),
        ] {
            assert_eq!(StatementName::new(name).is_ok(), expected, "{reason}");
        }
        assert_eq!(StatementName::new("n".repeat(65)), Err(InvalidStatementName));
    }
}
