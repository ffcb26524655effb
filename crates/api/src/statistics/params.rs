//! The parameters of a question: which annotation requests, and which page.

use crate::ApiSettings;
use crate::http::form_encoding::decode;
use annotation_statistics_domain::{AnnotationRequestId, AnnotationRequestIds, PageRequest};
use std::borrow::Cow;
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};

pub(crate) const ANNOTATION_REQUEST_ID: &str = "annotationRequestId";
pub(crate) const OFFSET: &str = "offset";
pub(crate) const LIMIT: &str = "limit";

/// The rows of a page when no limit is given.
pub(crate) const DEFAULT_LIMIT: i64 = 10;

/// The most characters of a wrong value that a message repeats.
const MAX_QUOTED: usize = 32;

/// Which parameter is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct InvalidParameter(pub(crate) String);

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatisticsParams {
    /// Each id once, in the order of the URL, whatever indices its list spelling has.
    pub(crate) requests: AnnotationRequestIds,
    /// With the effective limit: at most the server's.
    pub(crate) page: PageRequest,
    /// Whether a larger limit was asked for.
    pub(crate) is_lowered: bool,
}

impl StatisticsParams {
    /// Reads a raw query string.
    pub(crate) fn parse(query: &str, settings: &ApiSettings) -> Result<Self, InvalidParameter> {
        let mut given = Given::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            given.take(name, value)?;
        }
        let (offset, limit) = (given.offset, given.limit);
        Ok(Wanted { requests: given.requests(settings)?, offset, limit }.within(settings.max_limit))
    }
}

/// Reads the list of a raw query string alone; what else there is means nothing.
pub(crate) fn parse_requests(query: &str, settings: &ApiSettings) -> Result<AnnotationRequestIds, InvalidParameter> {
    let mut given = Given::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if names_the_list(&decode_name(name)?) {
            given.take_id(value)?;
        }
    }
    given.requests(settings)
}

/// What is asked, before the limits of the server are applied to it.
pub(crate) struct Wanted {
    pub(crate) requests: AnnotationRequestIds,
    pub(crate) offset: Option<i64>,
    pub(crate) limit: Option<i64>,
}

impl Wanted {
    /// Lowers a limit over the server's to it. The numbers are from 1 on.
    pub(crate) fn within(self, max_limit: NonZeroU32) -> StatisticsParams {
        let page = self.offset.and_then(|offset| NonZeroU64::new(offset.unsigned_abs())).unwrap_or(NonZeroU64::MIN);
        let limit = u32::try_from(self.limit.unwrap_or(DEFAULT_LIMIT)).unwrap_or(u32::MAX);
        let limit = NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN);
        let is_lowered = self.limit.is_some() && limit > max_limit;
        let page = PageRequest::new(page, limit.min(max_limit));
        StatisticsParams { requests: self.requests, page, is_lowered }
    }
}

/// Refuses more ids than may be given in this way.
pub(crate) fn bounded(
    requests: AnnotationRequestIds,
    list: &str,
    max_ids: NonZeroUsize,
) -> Result<AnnotationRequestIds, InvalidParameter> {
    match requests.as_slice().len() {
        count if count > max_ids.get() => {
            Err(invalid(list, &format!("may have at most {max_ids} different ids, got {count}")))
        }
        _ => Ok(requests),
    }
}

/// What was read so far.
#[derive(Default)]
struct Given {
    ids: Vec<AnnotationRequestId>,
    offset: Option<i64>,
    limit: Option<i64>,
}

impl Given {
    fn take(&mut self, raw_name: &str, value: &str) -> Result<(), InvalidParameter> {
        match decode_name(raw_name)?.as_ref() {
            OFFSET => take_number(&mut self.offset, OFFSET, value),
            LIMIT => take_number(&mut self.limit, LIMIT, value),
            name if names_the_list(name) => self.take_id(value),
            _ => Ok(()),
        }
    }

    fn requests(self, settings: &ApiSettings) -> Result<AnnotationRequestIds, InvalidParameter> {
        let requests = AnnotationRequestIds::new(self.ids)
            .map_err(|_| invalid(ANNOTATION_REQUEST_ID, "must be given at least once"))?;
        bounded(requests, ANNOTATION_REQUEST_ID, settings.max_ids)
    }

    fn take_id(&mut self, value: &str) -> Result<(), InvalidParameter> {
        let place = self.ids.len() + 1;
        let wrong = |why: String| invalid(ANNOTATION_REQUEST_ID, &format!("{why} (number {place} of the list)"));
        let text = decode(value).map_err(|fault| wrong(format!("{fault}, got {}", quoted(value))))?;
        let id = AnnotationRequestId::new(text).map_err(|fault| wrong(fault.to_string()))?;
        self.ids.push(id);
        Ok(())
    }
}

pub(crate) fn decode_name(raw_name: &str) -> Result<Cow<'_, str>, InvalidParameter> {
    decode(raw_name).map_err(|fault| InvalidParameter(format!("the parameter name {} {fault}", quoted(raw_name))))
}

/// `name`, `name[]` and `name[0]` are one list.
pub(crate) fn names_the_list(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(ANNOTATION_REQUEST_ID) else {
        return false;
    };
    let index = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    rest.is_empty() || index.is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Keeps a number that is given for the first time.
pub(crate) fn take_number(slot: &mut Option<i64>, name: &str, value: &str) -> Result<(), InvalidParameter> {
    let text = decode(value).map_err(|fault| invalid(name, &format!("{fault}, got {}", quoted(value))))?;
    let number = number(&text).map_err(|why| invalid(name, &format!("{why}, got {}", quoted(&text))))?;
    if slot.replace(number).is_some() { Err(invalid(name, "must be given only once")) } else { Ok(()) }
}

/// Digits and nothing else; at least 1.
pub(crate) fn number(text: &str) -> Result<i64, Cow<'static, str>> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("must be a whole number from 1".into());
    }
    match text.parse::<i64>() {
        Ok(0) => Err("must be a whole number from 1".into()),
        Ok(number) => Ok(number),
        Err(_) => Err(format!("must be at most {}", i64::MAX).into()),
    }
}

pub(crate) fn invalid(name: &str, why: &str) -> InvalidParameter {
    InvalidParameter(format!("{name} {why}"))
}

/// The start of a text, escaped, so that no message is long or has control characters.
pub(crate) fn quoted(text: &str) -> String {
    let start: String = text.chars().take(MAX_QUOTED).collect();
    let more = if start.len() < text.len() { "..." } else { "" };
    format!("{start:?}{more}")
}

/// The start of a JSON value as it is written, on one line.
pub(crate) fn shown(json: &str) -> String {
    let start: String = json.chars().take(MAX_QUOTED).map(|one| if one.is_control() { ' ' } else { one }).collect();
    let more = if start.len() < json.len() { "..." } else { "" };
    format!("{start}{more}")
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
