//! How large the body of a request may be, and of which memory it is a part.

use crate::http::BodyMemory;
use crate::paths::{HTML_RECONCILE, RECONCILIATIONS};
use crate::{ApiSettings, ApiState};
use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap};

/// Which limits the body of a request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyLimit {
    /// Those of most bodies.
    Usual,
    /// Those of a sheet that is compared with what is recorded. See ADR 97.
    Sheet,
}

impl BodyLimit {
    /// By the resource that a request is for, which it may not have reached yet.
    pub(crate) fn of(request: &HttpRequest, settings: &ApiSettings) -> Self {
        let reads_sheets = |pattern: &str| {
            pattern == HTML_RECONCILE || pattern.strip_prefix(settings.base_path.as_str()) == Some(RECONCILIATIONS)
        };
        let is_sent = *request.method() == Method::POST;
        if is_sent && request.match_pattern().is_some_and(|pattern| reads_sheets(&pattern)) {
            Self::Sheet
        } else {
            Self::Usual
        }
    }

    /// The most bytes.
    pub(crate) fn max(self, settings: &ApiSettings) -> usize {
        match self {
            Self::Usual => settings.max_body,
            Self::Sheet => settings.reconciliation.max_body,
        }
    }

    /// The capacity to begin with: that of the announced length, so that a large body is not moved while it grows, which
    /// would take its memory twice. What has not come of it takes none.
    pub(super) fn capacity(self, headers: &HeaderMap, settings: &ApiSettings) -> usize {
        match self {
            Self::Usual => 0,
            Self::Sheet => {
                let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
                length.unwrap_or(0).min(self.max(settings))
            }
        }
    }

    /// The memory that it is a part of.
    pub(super) fn memory(self, state: &ApiState) -> &BodyMemory {
        match self {
            Self::Usual => &state.body_memory,
            Self::Sheet => &state.sheet_memory,
        }
    }
}
