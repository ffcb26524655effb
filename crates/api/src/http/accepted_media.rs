//! The media types that a client accepts.

use crate::http::content_coding::{BEST, quality};
use actix_web::http::header::{ACCEPT, HeaderMap};

/// The ranges of `Accept`: a media type or a range of them in lower case, and its quality in thousandths.
pub(crate) struct AcceptedMedia(Vec<(String, u16)>);

impl AcceptedMedia {
    /// What these headers say.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok());
        Self(values.flat_map(|value| value.split(',')).map(range).collect())
    }

    /// Whether nothing is said.
    pub(crate) fn is_unsaid(&self) -> bool {
        self.0.iter().all(|(name, _)| name.is_empty()) && self.0.len() < 2
    }

    /// Whether this media type itself is named, as acceptable.
    pub(crate) fn names(&self, media_type: &str) -> bool {
        self.0.iter().any(|(name, quality)| name == media_type && *quality > 0)
    }

    /// The quality of a media type, which also has other names: that of the most specific range.
    pub(crate) fn quality(&self, media_type: &str, other_names: &[&str]) -> u16 {
        let kind = media_type.split_once('/').map_or("", |(kind, _)| kind);
        let exactness = |name: &str| {
            let is_alias = other_names.contains(&name);
            let is_kind = name.strip_suffix("/*") == Some(kind);
            if name == media_type || is_alias {
                3
            } else if is_kind {
                2
            } else {
                u8::from(name == "*/*")
            }
        };
        let said = self.0.iter().map(|(name, quality)| (exactness(name), *quality));
        said.filter(|(exactness, _)| *exactness > 0).max().map_or(0, |(_, quality)| quality)
    }
}

fn range(item: &str) -> (String, u16) {
    let mut parts = item.split(';');
    let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_quality = |parameter: &&str| parameter.trim_start().get(..2).is_some_and(|q| q.eq_ignore_ascii_case("q="));
    (name, parts.find(is_quality).map_or(BEST, quality))
}
