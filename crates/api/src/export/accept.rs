//! The export format that a client accepts.

use crate::http::AcceptedMedia;
use crate::response::{InvalidParameter, invalid};
use annotation_statistics_exports::ExportFormat;

/// The format that the client prefers, and the first of ours among equals. Without a header, any.
pub(super) fn acceptable(accepted: &AcceptedMedia) -> Result<ExportFormat, InvalidParameter> {
    if accepted.is_unsaid() {
        return Ok(ExportFormat::default());
    }
    let quality = |format: ExportFormat| accepted.quality(format.media_type(), format.other_media_types());
    let preferences = ExportFormat::ALL.map(|format| (format, quality(format)));
    // `max_by_key` returns the last of equals, so the order is reversed.
    let best = preferences.into_iter().rev().max_by_key(|(_, quality)| *quality).filter(|(_, quality)| *quality > 0);
    best.map(|(format, _)| format).ok_or_else(|| {
        let ours = ExportFormat::ALL.map(ExportFormat::media_type).join(", ");
        invalid("Accept", &format!("must allow one of {ours}; or name the format: format={}", ExportFormat::default()))
    })
}
