//! The state that a client requires: it is never shown an earlier one than it has seen. See ADR 53.

use crate::http::EntityTagList;
use crate::response::{EntityTag, InvalidParameter};
use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderName, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest};
use annotation_statistics_domain::{Revision, Summary};
use std::future::{Ready, ready};

/// Of a read: a revision that the client knows of one of the requested annotation requests.
const MIN_REVISION: HeaderName = HeaderName::from_static("min-revision");

/// The state that the headers of a read require; none for most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RequiredState {
    /// Of `Min-Revision`.
    changed: Option<Revision>,
    /// The greatest revision of the tags in `If-None-Match`.
    seen: Option<Revision>,
}

impl RequiredState {
    fn of(headers: &HeaderMap) -> Result<Self, InvalidParameter> {
        let seen = match EntityTagList::of(headers, &IF_NONE_MATCH) {
            Ok(Some(EntityTagList::Tags(tags))) => tags.iter().filter_map(|tag| EntityTag::latest(&tag.opaque)).max(),
            _ => None,
        };
        Ok(Self { changed: min_revision(headers)?, seen })
    }

    /// The same, or this revision where none or an earlier one is required.
    pub(crate) fn or_later(self, revision: Revision) -> Self {
        Self { changed: self.changed.max(Some(revision)), ..self }
    }

    /// Whether requests at these revisions are at the required state or later; `tag` is that of the response.
    pub(crate) fn is_met_by(self, revisions: &[Revision], tag: &EntityTag, headers: &HeaderMap) -> bool {
        self.has_its_change(revisions)
            && self.seen.is_none_or(|seen| match revisions.iter().max() {
                // Requests change in any order; only an equal tag proves an equal state.
                Some(latest) if *latest == seen => tag.is_known(headers),
                latest => latest > Some(&seen),
            })
    }

    /// Whether the change that led to the revision of the client is visible. It is unknown which of the requests was changed:
    /// it is the one at exactly this revision, or any, if none is at an earlier one.
    pub(crate) fn has_its_change(self, revisions: &[Revision]) -> bool {
        let Some(changed) = self.changed else { return true };
        revisions.contains(&changed) || revisions.iter().all(|revision| *revision >= changed)
    }
}

impl FromRequest for RequiredState {
    type Error = crate::response::ApiError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request.headers()).map_err(Into::into))
    }
}

/// The revisions of the summed requests, in their order.
pub(crate) fn revisions(summary: &Summary) -> Vec<Revision> {
    summary.requests().iter().map(|(request, _)| request.revision).collect()
}

fn min_revision(headers: &HeaderMap) -> Result<Option<Revision>, InvalidParameter> {
    let mut values = headers.get_all(MIN_REVISION);
    let (Some(value), None) = (values.next(), values.next()) else {
        return if headers.contains_key(MIN_REVISION) { Err(not_a_revision()) } else { Ok(None) };
    };
    let digits = value.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|text| text.parse::<i64>().ok()).ok_or_else(not_a_revision)?;
    Ok(Some(Revision::from(number)))
}

fn not_a_revision() -> InvalidParameter {
    InvalidParameter("Min-Revision must be given once, a revision in digits such as 1744122000000000".to_owned())
}

#[cfg(test)]
#[path = "required_state_tests.rs"]
mod tests;
