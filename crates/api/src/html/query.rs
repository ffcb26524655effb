//! The query of the HTML page: the parameters of the API, and the form's list of ids, one per line.

use crate::ApiSettings;
use crate::http::parameters::{
    ANNOTATION_REQUEST_ID, CAMPAIGN_ID, FilterList, LIMIT, OFFSET, POOL_TYPE, STATEMENT, STATUS, decode_name,
    names_the_list, refuse_filter, take_number,
};
use crate::http::{decode, encode_into};
use crate::response::{InvalidParameter, invalid};
use crate::statistics::StatisticsParams;
use annotation_statistics_domain::{AnnotationRequestId, TaskFilter};
use std::num::NonZeroU64;

/// The parameter that the form sends: all ids in one text.
const REQUESTS: &str = "requests";

/// The number of the page of operation items.
const ITEMS: &str = "items";

/// What the query of the page is for.
#[derive(Debug)]
pub(super) struct HtmlQuery {
    /// Which annotation requests, and which page of their tasks; `None` without any.
    pub(super) statistics: Option<StatisticsParams>,
    /// Which tasks are added up.
    pub(super) filter: TaskFilter,
    /// Which page of the operation items is shown.
    pub(super) item_page: NonZeroU64,
}

/// Reads the query. The lines of the form become the list of the API, whose rules apply then. A field of the form that was
/// left empty is no filter.
pub(super) fn read_html_query(query: &str, settings: &ApiSettings) -> Result<HtmlQuery, InvalidParameter> {
    let (mut rewritten, mut has_ids) = (String::new(), false);
    let (mut filters, mut item_page) = (FilterList::default(), None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match decode_name(name)?.as_ref() {
            REQUESTS => {
                let text = decode(value).map_err(|error| invalid(REQUESTS, &error.to_string()))?;
                let lines: Vec<&str> = lines(&text).collect();
                has_ids |= !lines.is_empty();
                append_list(&mut rewritten, lines);
            }
            STATEMENT => refuse_filter(STATEMENT)?,
            ITEMS => take_number(&mut item_page, ITEMS, value)?,
            STATUS | POOL_TYPE | CAMPAIGN_ID if value.is_empty() => {}
            name if filters.take(name, value)? => {}
            name => {
                has_ids |= names_the_list(name);
                rewritten.extend([pair, "&"]);
            }
        }
    }
    let statistics = if has_ids { Some(StatisticsParams::parse(&rewritten, settings)?) } else { None };
    let item_page = item_page.and_then(|page: i64| NonZeroU64::new(page.unsigned_abs())).unwrap_or(NonZeroU64::MIN);
    Ok(HtmlQuery { statistics, filter: filters.into_filter(settings)?, item_page })
}

/// Whether the query has lines of the form, which no share link is good for: it is for a list of the API.
pub(super) fn has_lines(query: &str) -> bool {
    query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        decode_name(name).map_or(true, |name| name == REQUESTS)
    })
}

/// The ids for the form to show again, as far as they can be decoded.
pub(super) fn written_ids(query: &str) -> Vec<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let decoded = pairs.filter_map(|(name, value)| Some((decode(name).ok()?, decode(value).ok()?)));
    let mut ids = Vec::new();
    for (name, value) in decoded {
        if name == REQUESTS {
            ids.extend(lines(&value).map(str::to_owned));
        } else if names_the_list(&name) {
            ids.push(value.into_owned());
        }
    }
    ids
}

/// These ids as a part of a query string.
pub(super) fn list_of<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let mut list = String::new();
    append_list(&mut list, ids);
    list.truncate(list.trim_end_matches('&').len());
    list
}

/// This filter as a part of a query string, after a list.
pub(super) fn filter_of(filter: &TaskFilter) -> String {
    let mut text = String::new();
    for pool_type in &filter.pool_types {
        text.extend(["&", POOL_TYPE, "=", &pool_type.number().to_string()]);
    }
    for status in &filter.statuses {
        text.extend(["&", STATUS, "=", &status.code().to_string()]);
    }
    for campaign in &filter.campaigns {
        text.extend(["&", CAMPAIGN_ID, "="]);
        encode_into(&mut text, campaign.as_str());
    }
    text
}

fn append_list<'a>(target: &mut String, ids: impl IntoIterator<Item = &'a str>) {
    for id in ids {
        target.extend([ANNOTATION_REQUEST_ID, "="]);
        encode_into(target, id);
        target.push('&');
    }
}

/// Pasted lists have spaces around their lines, and empty lines between them. A line that is too long for an id is several.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| {
        let is_id = line.len() <= AnnotationRequestId::MAX_BYTES;
        is_id.then_some(line).into_iter().chain((!is_id).then(|| pieces(line)).into_iter().flatten())
    })
}

/// The parts of a line between commas and blanks.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    line.split(|one: char| one == ',' || one.is_whitespace()).filter(|piece| !piece.is_empty())
}

/// The same query with each unknown id as the ids that it lists by comma or blank; none where no unknown id does. An id may
/// have both, so what is known is never taken apart.
pub(super) fn in_pieces(
    params: &StatisticsParams,
    unknown: &[AnnotationRequestId],
    settings: &ApiSettings,
) -> Option<StatisticsParams> {
    let is_list = |id: &AnnotationRequestId| unknown.contains(id) && pieces(id.as_str()).ne([id.as_str()]);
    let ids = params.requests.as_slice();
    if !ids.iter().any(is_list) {
        return None;
    }
    let listed =
        ids.iter().flat_map(|id| if is_list(id) { pieces(id.as_str()).collect::<Vec<_>>() } else { vec![id.as_str()] });
    let (page, limit) = (params.page.page(), params.page.limit());
    StatisticsParams::parse(&format!("{}&{OFFSET}={page}&{LIMIT}={limit}", list_of(listed)), settings).ok()
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
