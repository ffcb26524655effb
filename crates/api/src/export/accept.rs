//! The export format that a client accepts.

use crate::http::{BEST, quality};
use crate::response::{InvalidParameter, invalid};
use annotation_statistics_exports::ExportFormat;

/// The format that the client prefers, and the first of ours among equals. Without a header, any.
pub(super) fn acceptable<'a>(accept: impl Iterator<Item = &'a str>) -> Result<ExportFormat, InvalidParameter> {
    let ranges: Vec<_> = accept.flat_map(|value| value.split(',')).map(range).collect();
    if ranges.iter().all(|(name, _)| name.is_empty()) && ranges.len() < 2 {
        return Ok(ExportFormat::default());
    }
    let preferences = ExportFormat::ALL.map(|format| (format, preference(format, &ranges)));
    // `max_by_key` returns the last of equals, so the order is reversed.
    let best = preferences.into_iter().rev().max_by_key(|(_, quality)| *quality).filter(|(_, quality)| *quality > 0);
    best.map(|(format, _)| format).ok_or_else(|| {
        let ours = ExportFormat::ALL.map(ExportFormat::media_type).join(", ");
        invalid("Accept", &format!("must allow one of {ours}; or name the format: format={}", ExportFormat::default()))
    })
}

/// A media type or a range of them in lower case, and its quality in thousandths.
fn range(item: &str) -> (String, u16) {
    let mut parts = item.split(';');
    let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_quality = |parameter: &&str| parameter.trim_start().get(..2).is_some_and(|q| q.eq_ignore_ascii_case("q="));
    (name, parts.find(is_quality).map_or(BEST, quality))
}

/// The quality of a format: that of the most specific range.
fn preference(format: ExportFormat, ranges: &[(String, u16)]) -> u16 {
    let media_type = format.media_type();
    let kind = media_type.split_once('/').map_or("", |(kind, _)| kind);
    let exactness = |name: &str| {
        let is_alias = format.other_media_types().contains(&name);
        let is_kind = name.strip_suffix("/*") == Some(kind);
        if name == media_type || is_alias {
            3
        } else if is_kind {
            2
        } else {
            u8::from(name == "*/*")
        }
    };
    let said = ranges.iter().map(|(name, quality)| (exactness(name), *quality));
    said.filter(|(exactness, _)| *exactness > 0).max().map_or(0, |(_, quality)| quality)
}
