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

/// Reads a text where it is, so that it is copied once.
#[cfg(feature = "serde")]
pub(crate) struct TextVisitor<F>(pub(crate) F);

#[cfg(feature = "serde")]
impl<T, F: FnOnce(&str) -> Result<T, TextError>> serde::de::Visitor<'_> for TextVisitor<F> {
    type Value = T;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        self.0(text).map_err(E::custom)
    }
}

/// Declares a text type that is never empty, never too long and never holds a NUL.
macro_rules! bounded_text {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        ///
        /// Clones share it.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// The largest size, in bytes of UTF-8.
            pub const MAX_BYTES: usize = $max;

            /// Checks and keeps a text.
            ///
            /// # Errors
            /// When the text is empty, longer than [`Self::MAX_BYTES`] or has a NUL.
            pub fn new(text: impl Into<std::sync::Arc<str>>) -> Result<Self, $crate::TextError> {
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
                text.as_str().to_owned()
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read = |text: &str| Self::new(text);
                deserializer.deserialize_str($crate::bounded_text::TextVisitor(read))
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
