//! The parameters of a query for rows: which annotation requests, and which page.

use crate::ApiSettings;
use crate::http::parameters::{
    DEFAULT_LIMIT, LIMIT, OFFSET, RequestIdList, STATEMENT, decode_name, flag, names_the_list, parameters,
    refuse_filter, statement_name, take_number, take_once,
};
use crate::response::{InvalidParameter, invalid};
use annotation_statistics_domain::{AnnotationRequestIds, PageRequest, StatementName};
use std::num::{NonZeroU32, NonZeroU64};
#[cfg(feature = "openapi")]
use utoipa::IntoParams;

pub(super) const ZERO_FILL: &str = "zeroFill";

/// The parameter `zeroFill`, as the document declares it.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(names("zeroFill"), parameter_in = Query)]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(super) struct ZeroFillParam(
    /// `true`: each row has a 0 in `instanceInfo` for every operation item on the whitelist of the taxonomy of its annotation
    /// request that it lacks.
    #[param(required = false)]
    bool,
);

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatisticsParams {
    /// Each id once, in the order of the URL, whatever indices its list spelling has.
    pub(crate) requests: AnnotationRequestIds,
    /// With the effective limit: at most that of the server.
    pub(crate) page: PageRequest,
    /// Whether a larger limit was requested.
    pub(super) is_lowered: bool,
    /// Whether rows have a zero for each ordered operation item that they lack.
    pub(crate) zero_fill: bool,
    /// The statement to read, in place of what is recorded now.
    pub(crate) statement: Option<StatementName>,
}

impl StatisticsParams {
    /// Reads a raw query string.
    pub(crate) fn parse(query: &str, settings: &ApiSettings) -> Result<Self, InvalidParameter> {
        let mut list = RequestIdList::default();
        let (mut offset, mut limit, mut zero_fill, mut statement) = (None, None, None, None);
        for (name, value) in parameters(query) {
            match decode_name(name)?.as_ref() {
                OFFSET => take_number(&mut offset, OFFSET, value)?,
                LIMIT => take_number(&mut limit, LIMIT, value)?,
                ZERO_FILL => take_once(&mut zero_fill, ZERO_FILL, value, flag)?,
                STATEMENT => take_once(&mut statement, STATEMENT, value, statement_name)?,
                name if names_the_list(name) => list.add(value)?,
                name => refuse_filter(name)?,
            }
        }
        let requests = list.into_ids(settings)?;
        let zero_fill = zero_fill.unwrap_or_default();
        RequestedPage { requests, offset, limit, zero_fill, statement }.within(settings.max_limit)
    }
}

/// The requested page, before the limits of the server are applied.
pub(super) struct RequestedPage {
    pub(super) requests: AnnotationRequestIds,
    pub(super) offset: Option<i64>,
    pub(super) limit: Option<i64>,
    pub(super) zero_fill: bool,
    pub(super) statement: Option<StatementName>,
}

impl RequestedPage {
    /// Lowers the limit to that of the server. The numbers are at least 1.
    pub(super) fn within(self, max_limit: NonZeroU32) -> Result<StatisticsParams, InvalidParameter> {
        if self.zero_fill && self.statement.is_some() {
            return Err(invalid(ZERO_FILL, "cannot be true with statement: what was ordered is not in statements"));
        }
        let page = self.offset.and_then(|offset| NonZeroU64::new(offset.unsigned_abs())).unwrap_or(NonZeroU64::MIN);
        let limit = u32::try_from(self.limit.unwrap_or(DEFAULT_LIMIT)).unwrap_or(u32::MAX);
        let limit = NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN);
        let is_lowered = self.limit.is_some() && limit > max_limit;
        let page = PageRequest::new(page, limit.min(max_limit));
        let Self { requests, zero_fill, statement, .. } = self;
        Ok(StatisticsParams { requests, page, is_lowered, zero_fill, statement })
    }
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
