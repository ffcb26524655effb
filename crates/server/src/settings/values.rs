//! The kinds of values that settings have.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// A length of time, written like `250ms`; more than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Time(Duration);

impl Time {
    /// The length of time.
    pub fn get(self) -> Duration {
        self.0
    }
}

impl TryFrom<String> for Time {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let refused = |why: &dyn fmt::Display| format!("{text:?} is not a time like \"250ms\" or \"10s\": {why}");
        let span: jiff::SignedDuration = text.parse().map_err(|error| refused(&error))?;
        match Duration::try_from(span) {
            Ok(time) if !time.is_zero() => Ok(Self(time)),
            _ => Err(refused(&"it must be more than nothing")),
        }
    }
}

/// A text that is never printed, and is overwritten in memory when it is dropped.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself; `None` when it is empty.
    pub fn reveal(&self) -> Option<&str> {
        Some(self.0.expose_secret()).filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.reveal().is_none() { "(none)" } else { "(secret)" })
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// A path; `None` when it is empty.
pub(super) fn non_empty(path: &Path) -> Option<&Path> {
    Some(path).filter(|path| !path.as_os_str().is_empty())
}

/// Texts, which a file has as a list and the environment with commas between.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "ListOrText")]
pub struct TextList(Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum ListOrText {
    List(Vec<String>),
    Text(String),
}

impl TextList {
    /// All of them.
    pub fn texts(&self) -> &[String] {
        &self.0
    }
}

impl From<ListOrText> for TextList {
    fn from(given: ListOrText) -> Self {
        Self(match given {
            ListOrText::List(texts) => texts,
            ListOrText::Text(text) => {
                text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use config::{Config, File, FileFormat};

    #[test]
    fn texts_are_a_list_or_a_text_with_commas() {
        for (written, expected) in
            [("[]", &[][..]), ("['a', 'b']", &["a", "b"]), ("''", &[]), ("'a'", &["a"]), ("' a , b,'", &["a", "b"])]
        {
            let source = File::from_str(&format!("hosts = {written}"), FileFormat::Toml);
            let read = Config::builder().add_source(source).build().unwrap().get::<TextList>("hosts").unwrap();
            assert_eq!(read.texts(), expected, "{written}");
        }
    }
}
