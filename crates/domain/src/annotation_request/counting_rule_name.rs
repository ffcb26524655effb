//! The rule by which instances were counted.

use std::borrow::Cow;
use std::fmt;

/// The name and version of the rule by which the instances of a request were counted, such as `objects/2`.
///
/// Real deliveries differ by 20 to 60 times between rules, so a number means nothing without it. 1 to 64 letters,
/// digits and `.`, `_`, `-`, `/`: it goes into a header as it is. The set is open: platforms count in ways of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "String"))]
pub struct CountingRuleName(Cow<'static, str>);

/// Why a text is not the name of a counting rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to {} letters, digits and . _ - /, such as objects/2", CountingRuleName::MAX_BYTES)]
pub struct InvalidCountingRuleName;

impl CountingRuleName {
    /// The largest size, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// An object counts once, however many frames show it.
    pub const OBJECTS_2: Self = Self::literal("objects/2");
    /// An object counts once in each frame in which it is visible.
    pub const APPEARANCES_2: Self = Self::literal("appearances/2");
    /// Each shape that an annotator drew counts once.
    pub const KEYFRAMES_2: Self = Self::literal("keyframes/2");

    /// A name that is known when the program is compiled.
    ///
    /// # Panics
    /// When it is no name: at compile time, in a `const`.
    pub const fn literal(name: &'static str) -> Self {
        assert!(is_name(name), "not the name of a counting rule");
        Self(Cow::Borrowed(name))
    }

    /// Checks and keeps a name.
    ///
    /// # Errors
    /// When the text is empty, too long, or has any other character.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Result<Self, InvalidCountingRuleName> {
        let name = name.into();
        if is_name(&name) { Ok(Self(name)) } else { Err(InvalidCountingRuleName) }
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A loop, because it must run while the program is compiled, too.
const fn is_name(name: &str) -> bool {
    let mut rest = name.as_bytes();
    let sized = !rest.is_empty() && rest.len() <= CountingRuleName::MAX_BYTES;
    while let [byte, after @ ..] = rest {
        if !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'_' | b'-' | b'/') {
            return false;
        }
        rest = after;
    }
    sized
}

impl TryFrom<String> for CountingRuleName {
    type Error = InvalidCountingRuleName;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::new(name)
    }
}

impl fmt::Display for CountingRuleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_a_header_as_it_is() {
        let longest = "r".repeat(64);
        for (name, expected, reason) in [
            (CountingRuleName::OBJECTS_2.as_str(), true, "a rule of ours"),
            ("Helix_v2.1-beta", true, "a rule of another platform"),
            (longest.as_str(), true, "64 bytes"),
            ("", false, "it names nothing"),
            ("objects 1", false, "a space"),
            ("a,b", false, "a comma separates names in the header"),
            ("objects\n", false, "a line end would end the header"),
            ("objékts", false, "a header is ASCII"),
        ] {
            assert_eq!(CountingRuleName::new(name.to_owned()).is_ok(), expected, "{reason}");
        }
        assert_eq!(CountingRuleName::new("r".repeat(65)), Err(InvalidCountingRuleName));
    }
}
