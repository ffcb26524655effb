//! The path prefix of the statistics.

use std::fmt;
use std::str::FromStr;

/// The path under which the statistics are served: empty, or like `/rosetta-open`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BasePath(Box<str>);

/// Why a text is not a base path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BasePathError {
    /// It does not start with a slash.
    #[error("a base path starts with `/`, or is empty; got {0:?}")]
    NoLeadingSlash(String),
    /// It ends with a slash, or has two in a row.
    #[error("a base path has a name after each `/`; got {0:?}")]
    EmptySegment(String),
    /// It has a character that would need encoding, or that means something to the router.
    #[error("a base path is made of letters, digits and `-._~/`; got {0:?}")]
    Character(String),
}

impl BasePath {
    /// Checks a base path.
    ///
    /// # Errors
    /// [`BasePathError`], which quotes the text.
    pub fn new(path: &str) -> Result<Self, BasePathError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if path.is_empty() {
            Ok(Self::default())
        } else if !path.starts_with('/') {
            Err(BasePathError::NoLeadingSlash(path.to_owned()))
        } else if path.ends_with('/') || path.contains("//") {
            Err(BasePathError::EmptySegment(path.to_owned()))
        } else if !path.bytes().all(allowed) {
            Err(BasePathError::Character(path.to_owned()))
        } else {
            Ok(Self(path.into()))
        }
    }

    /// The path as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BasePath {
    type Err = BasePathError;

    fn from_str(path: &str) -> Result<Self, Self::Err> {
        Self::new(path)
    }
}

impl fmt::Display for BasePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_empty_or_whole_segments() {
        for path in ["", "/rosetta-open", "/a/b.c/~d_1"] {
            assert_eq!(BasePath::new(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn a_text_that_is_no_base_path_is_refused() {
        for (path, error, reason) in [
            ("api", BasePathError::NoLeadingSlash("api".into()), "relative"),
            ("/", BasePathError::EmptySegment("/".into()), "the root is the empty base path"),
            ("/api/", BasePathError::EmptySegment("/api/".into()), "would give `//statistics`"),
            ("/a//b", BasePathError::EmptySegment("/a//b".into()), "proxies merge slashes"),
            ("/{tail}", BasePathError::Character("/{tail}".into()), "a pattern of the router"),
            ("/a b", BasePathError::Character("/a b".into()), "needs encoding in a URL"),
        ] {
            assert_eq!(BasePath::new(path), Err(error), "{reason}");
        }
    }
}
