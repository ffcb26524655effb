//! The parameters of a query for rows: which annotation requests, and which page.

use crate::ApiSettings;
use crate::http::parameters::{
    DEFAULT_LIMIT, LIMIT, OFFSET, RequestIdList, decode_name, names_the_list, parameters, refuse_filter, take_number,
};
use crate::response::InvalidParameter;
use annotation_statistics_domain::{AnnotationRequestIds, PageRequest};
use std::num::{NonZeroU32, NonZeroU64};

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatisticsParams {
    /// Each id once, in the order of the URL, whatever indices its list spelling has.
    pub(crate) requests: AnnotationRequestIds,
    /// With the effective limit: at most that of the server.
    pub(crate) page: PageRequest,
    /// Whether a larger limit was requested.
    pub(super) is_lowered: bool,
}

impl StatisticsParams {
    /// Reads a raw query string.
    pub(crate) fn parse(query: &str, settings: &ApiSettings) -> Result<Self, InvalidParameter> {
        let mut list = RequestIdList::default();
        let (mut offset, mut limit) = (None, None);
        for (name, value) in parameters(query) {
            match decode_name(name)?.as_ref() {
                OFFSET => take_number(&mut offset, OFFSET, value)?,
                LIMIT => take_number(&mut limit, LIMIT, value)?,
                name if names_the_list(name) => list.add(value)?,
                name => refuse_filter(name)?,
            }
        }
        Ok(RequestedPage { requests: list.into_ids(settings)?, offset, limit }.within(settings.max_limit))
    }
}

/// The requested page, before the limits of the server are applied.
pub(super) struct RequestedPage {
    pub(super) requests: AnnotationRequestIds,
    pub(super) offset: Option<i64>,
    pub(super) limit: Option<i64>,
}

impl RequestedPage {
    /// Lowers the limit to that of the server. The numbers are at least 1.
    pub(super) fn within(self, max_limit: NonZeroU32) -> StatisticsParams {
        let page = self.offset.and_then(|offset| NonZeroU64::new(offset.unsigned_abs())).unwrap_or(NonZeroU64::MIN);
        let limit = u32::try_from(self.limit.unwrap_or(DEFAULT_LIMIT)).unwrap_or(u32::MAX);
        let limit = NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN);
        let is_lowered = self.limit.is_some() && limit > max_limit;
        let page = PageRequest::new(page, limit.min(max_limit));
        StatisticsParams { requests: self.requests, page, is_lowered }
    }
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
