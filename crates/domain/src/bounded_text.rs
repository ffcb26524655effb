//! The rule of every text in the vocabulary: bounded in size, not empty, no NUL.

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// The text has no characters at all.
    #[error("must not be empty")]
    Empty,
    /// The text is larger than allowed; both sizes are in bytes of UTF-8.
    #[error("is {bytes} bytes long, at most {max} are allowed")]
    TooLong {
        /// The size of the refused text.
        bytes: usize,
        /// The largest size allowed.
        max: usize,
    },
    /// The text has a NUL character, which Postgres cannot store.
    #[error("must not contain a NUL character")]
    Nul,
}

pub(crate) fn check(text: &str, max: usize) -> Result<(), TextError> {
    if text.is_empty() {
        Err(TextError::Empty)
    } else if text.len() > max {
        Err(TextError::TooLong { bytes: text.len(), max })
    } else if text.contains('\0') {
        Err(TextError::Nul)
    } else {
        Ok(())
    }
}

/// Declares a text type that is never empty, never too long and never holds a NUL.
macro_rules! bounded_text {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(
            feature = "serde",
            derive(serde::Serialize, serde::Deserialize),
            serde(try_from = "String")
        )]
        pub struct $name(Box<str>);

        impl $name {
            /// The largest size, in bytes of UTF-8.
            pub const MAX_BYTES: usize = $max;

            /// Checks and keeps a text.
            ///
            /// # Errors
            /// When the text is empty, longer than [`Self::MAX_BYTES`] or has a NUL.
            pub fn new(text: impl Into<Box<str>>) -> Result<Self, $crate::TextError> {
                let text = text.into();
                Self::check(&text)?;
                Ok(Self(text))
            }

            pub(crate) fn check(text: &str) -> Result<(), $crate::TextError> {
                $crate::bounded_text::check(text, Self::MAX_BYTES)
            }

            /// The text as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        /// Compared and hashed like its text, as `Borrow` requires.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::TextError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0.into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}
pub(crate) use bounded_text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_refused_with_its_reason() {
        let longest = "é".repeat(5);
        for (text, expected, reason) in [
            ("a", Ok(()), "one byte is enough"),
            (longest.as_str(), Ok(()), "ten bytes are ten bytes, not five characters"),
            ("", Err(TextError::Empty), "an empty text names nothing"),
            ("12345678901", Err(TextError::TooLong { bytes: 11, max: 10 }), "a byte too many"),
            ("a\0b", Err(TextError::Nul), "Postgres text cannot hold it"),
        ] {
            assert_eq!(check(text, 10), expected, "{reason}");
        }
    }
}
