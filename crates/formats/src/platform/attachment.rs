//! What a task of the platform is about.

use crate::input::{is_no_number, non_number};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// What a task is about: its length, whether it is a list of lists or of URLs, and its URL where it has just one.
#[derive(Debug, Default)]
pub(super) struct Attachment {
    length: u64,
    is_by_frame: bool,
    url: Option<String>,
}

impl Attachment {
    pub(super) fn frames(&self, attachment_type: &str) -> u64 {
        let is_sequence = attachment_type.ends_with("_SEQUENCE") && self.is_by_frame;
        if is_sequence { self.length } else { 1 }
    }

    /// The only URL, without its query, which is a signature that changes with each export.
    pub(super) fn only_url(&self) -> Option<&str> {
        let url = self.url.as_deref().filter(|_| self.length <= 1)?;
        if url.contains("://") { url.split(['?', '#']).next() } else { Some(url) }
    }
}

impl<'de> Deserialize<'de> for Attachment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AttachmentVisitor)
    }
}

/// An element of an attachment: whether it stands for a frame, as a list or a URL does, and its URL.
struct Element {
    is_frame: bool,
    url: Option<String>,
}

struct AttachmentVisitor;
struct ElementVisitor;

/// A URL where it stands for a frame: `NaN` is none.
fn checked<E: Error>(url: &str) -> Result<String, E> {
    match non_number(url) {
        Some(word) => Err(E::custom(is_no_number(word))),
        None => Ok(url.to_owned()),
    }
}

/// The URL of an object.
fn url_of<'de, A: MapAccess<'de>>(mut members: A) -> Result<Option<String>, A::Error> {
    let mut url = None;
    while let Some(name) = members.next_key::<String>()? {
        if name == "url" {
            url = members.next_value::<Value>()?.as_str().filter(|url| non_number(url).is_none()).map(str::to_owned);
        } else {
            members.next_value::<IgnoredAny>()?;
        }
    }
    Ok(url)
}

impl<'de> Visitor<'de> for AttachmentVisitor {
    type Value = Attachment;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, an object or a URL")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Attachment, A::Error> {
        let mut attachment = Attachment::default();
        if let Some(Element { is_frame, url }) = elements.next_element()? {
            attachment = Attachment { length: 1, is_by_frame: is_frame, url };
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {
            attachment.length += 1;
        }
        Ok(attachment)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Attachment, A::Error> {
        Ok(Attachment { url: url_of(members)?, ..Attachment::default() })
    }

    fn visit_str<E: Error>(self, url: &str) -> Result<Attachment, E> {
        Ok(Attachment { url: Some(checked(url)?), ..Attachment::default() })
    }

    fn visit_unit<E>(self) -> Result<Attachment, E> {
        Ok(Attachment::default())
    }
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ElementVisitor)
    }
}

impl<'de> Visitor<'de> for ElementVisitor {
    type Value = Element;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, an object or a URL")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Element, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Element { is_frame: true, url: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Element, A::Error> {
        Ok(Element { is_frame: false, url: url_of(members)? })
    }

    fn visit_str<E: Error>(self, url: &str) -> Result<Element, E> {
        Ok(Element { is_frame: true, url: Some(checked(url)?) })
    }
}
