//! The parameters of the list of annotation requests.

use crate::annotation_requests::finding::cursor::{self, CURSOR};
use crate::annotation_requests::finding::query_values::QueryValues;
use crate::http::parameters::{DEFAULT_LIMIT, LIMIT};
use crate::response::{InvalidParameter, quoted};
#[cfg(feature = "openapi")]
use crate::{
    http::parameters::LimitNumber,
    response::schema::{AnnotationRequestIdText, CampaignIdText, DayOrTime},
};
use annotation_statistics_domain::{
    CampaignId, IdPart, Progress, RequestPosition, RequestSearch, StatusFilter, TaskStatus,
};
use jiff::Timestamp;
use std::num::NonZeroU32;
use std::time::SystemTime;
#[cfg(feature = "openapi")]
use utoipa::IntoParams;

const CAMPAIGN_ID: &str = "campaignId";
const PART: &str = "q";
const STATUS: &str = "status";
const CHANGED_SINCE: &str = "changedSince";

/// The parameters, as the document declares them.
#[cfg(feature = "openapi")]
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declared for the document, never constructed")]
pub(crate) struct ListParamsOfRequests {
    /// Those of this campaign only.
    #[param(inline, required = false)]
    campaign_id: CampaignIdText,
    /// Those with this part of their id, anywhere in it, in the same case: at most 255 bytes of UTF-8.
    #[param(inline, required = false, example = "3bbd")]
    q: AnnotationRequestIdText,
    /// Those that are `empty` (no task), `open` (a task that is not complete) or `complete`; or, a number, those that have a
    /// task of this status.
    #[param(required = false, pattern = "^(empty|open|complete|-?[0-9]{1,9})$", example = "open")]
    status: String,
    /// Those that were changed then or later: a time as RFC 3339, or a date, which is its start in UTC.
    #[param(inline, required = false, example = "2025-04-08T14:20:00Z")]
    changed_since: DayOrTime,
    /// The `next` of a page of the same search.
    #[param(required = false)]
    cursor: String,
    /// Requests per page; above {max-limit} it is lowered to {max-limit}.
    #[param(inline, required = false)]
    limit: LimitNumber,
}

/// The parameters, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListRequestsParams {
    pub(crate) search: RequestSearch,
    /// All that says which requests are looked for, so that a cursor is of the same.
    identity: String,
}

impl ListRequestsParams {
    /// Reads a raw query string.
    pub(crate) fn parse(query: &str, max_limit: NonZeroU32) -> Result<Self, InvalidParameter> {
        let values = QueryValues::parse(query, &[CAMPAIGN_ID, PART, STATUS, CHANGED_SINCE, CURSOR, LIMIT])?;
        let identity = [CAMPAIGN_ID, PART, STATUS, CHANGED_SINCE].map(|name| values.text(name).unwrap_or_default());
        let identity = identity.join("\0");
        let after = values.text(CURSOR).map(|text| cursor::request(&identity, text)).transpose()?;
        let search = RequestSearch {
            campaign_id: values.read(CAMPAIGN_ID, CampaignId::new)?,
            id_part: values.read(PART, IdPart::new)?,
            status: values.read(STATUS, status)?,
            changed_since: values.read(CHANGED_SINCE, time)?,
            after,
            limit: values.limit(LIMIT, DEFAULT_LIMIT, max_limit)?,
        };
        Ok(Self { search, identity })
    }

    /// The cursor of a place in this list.
    pub(crate) fn cursor(&self, place: &RequestPosition) -> String {
        cursor::of_request(&self.identity, place)
    }
}

fn status(text: &str) -> Result<StatusFilter, String> {
    if let Some(progress) = Progress::ALL.into_iter().find(|progress| progress.name() == text) {
        return Ok(StatusFilter::Progress(progress));
    }
    let code = text.parse::<i32>().ok().filter(|_| !text.starts_with('+'));
    let why = || format!("must be empty, open, complete, or the number of a status, got {}", quoted(text));
    code.map(|code| StatusFilter::HasTasks(TaskStatus::from(code))).ok_or_else(why)
}

/// A time as RFC 3339, or the start of a day such as 2025-04-08, UTC.
///
/// # Errors
/// When it is neither: what it must be.
pub fn start_time(text: &str) -> Result<SystemTime, &'static str> {
    let parsed = |text: &str| text.parse::<Timestamp>().ok();
    let time = parsed(text).or_else(|| parsed(&format!("{text}T00:00:00Z")));
    let time = time.and_then(|time| SystemTime::try_from(time).ok());
    time.ok_or("must be a day such as 2025-04-08 or a time such as 2025-04-08T14:20:00Z")
}

fn time(text: &str) -> Result<SystemTime, String> {
    start_time(text).map_err(|why| format!("{why}, got {}", quoted(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_domain::AnnotationRequestId;
    use std::time::Duration;

    const MAX: NonZeroU32 = NonZeroU32::new(100).unwrap();

    fn parse(query: &str) -> Result<RequestSearch, String> {
        let params = ListRequestsParams::parse(query, MAX).map_err(|error| error.to_string())?;
        Ok(params.search)
    }

    #[test]
    fn each_condition_is_read_once_decoded() {
        let all = RequestSearch::of_all(NonZeroU32::new(10).unwrap());
        assert_eq!(parse("x=1"), Ok(all.clone()));
        let query = "campaignId=10%2001&q=%253b&status=open&changedSince=1970-01-01T01:00:00.5%2B01:00&limit=1000";
        let expected = RequestSearch {
            campaign_id: Some(CampaignId::new("10 01").unwrap()),
            id_part: Some(IdPart::new("%3b").unwrap()),
            status: Some(StatusFilter::Progress(Progress::Open)),
            changed_since: Some(SystemTime::UNIX_EPOCH + Duration::from_millis(500)),
            limit: MAX,
            ..all.clone()
        };
        assert_eq!(parse(query), Ok(expected));
        let day = SystemTime::UNIX_EPOCH + Duration::from_hours(24);
        assert_eq!(parse("changedSince=1970-01-02"), Ok(RequestSearch { changed_since: Some(day), ..all.clone() }));
        let status = StatusFilter::HasTasks(TaskStatus::from(11));
        assert_eq!(parse("status=11"), Ok(RequestSearch { status: Some(status), ..all }));
    }

    #[test]
    fn a_cursor_is_of_the_search_that_it_came_from() {
        let place = RequestPosition {
            changed_at: SystemTime::UNIX_EPOCH + Duration::from_micros(7),
            id: AnnotationRequestId::new("a").unwrap(),
        };
        let cursor = ListRequestsParams::parse("q=b&limit=3", MAX).unwrap().cursor(&place);
        assert_eq!(parse(&format!("cursor={cursor}&limit=9&q=b")).unwrap().after, Some(place));
        for other in ["q=c", "campaignId=b", "", "q=b&status=open"] {
            let refused = "cursor must be the next of a page of the same search";
            assert_eq!(parse(&format!("{other}&cursor={cursor}")), Err(refused.to_owned()), "{other}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_reason() {
        let since = |got: &str| {
            format!(
                "changedSince must be a day such as 2025-04-08 or a time such as 2025-04-08T14:20:00Z, got \"{got}\""
            )
        };
        for (query, why) in [
            ("q=", "q must not be empty"),
            ("q=%00", "q must not contain a NUL character"),
            ("q=%FF", "q is not UTF-8 when decoded, got \"%FF\""),
            ("q=a&q=b", "q must be given only once"),
            ("campaignId=", "campaignId must not be empty"),
            ("status=done", "status must be empty, open, complete, or the number of a status, got \"done\""),
            ("status=%2B1", "status must be empty, open, complete, or the number of a status, got \"+1\""),
            ("changedSince=today", &since("today")),
            ("changedSince=2025-02-29", &since("2025-02-29")),
            ("changedSince=2025-04-08T14:20:00", &since("2025-04-08T14:20:00")),
            ("changedSince=2025-04-08T14", &since("2025-04-08T14")),
            ("changedSince=2025-04-08%20", &since("2025-04-08 ")),
            ("changedSince=9999-12-31T23:59:59-23:59", &since("9999-12-31T23:59:59-23:59")),
            ("limit=0", "limit must be a whole number from 1, got \"0\""),
            ("cursor=", "cursor must be the next of a page of the same search"),
            (
                "poolType=5",
                "poolType is no parameter here, where there are campaignId, q, status, changedSince, cursor, limit",
            ),
        ] {
            assert_eq!(parse(query), Err(why.to_owned()), "{query}");
        }
    }
}
