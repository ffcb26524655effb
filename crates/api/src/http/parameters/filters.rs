//! Filters: parameters that leave out tasks. One that an operation does not have is refused there, as sums over more tasks than
//! were meant are a wrong bill (ADR 85).

use crate::http::parameters::query_string::{LIMIT, OFFSET};
use crate::http::parameters::statement::STATEMENT;
use crate::response::{InvalidParameter, invalid, quoted};

pub(crate) const STATUS: &str = "status";
pub(crate) const POOL_TYPE: &str = "poolType";
pub(crate) const CAMPAIGN_ID: &str = "campaignId";
pub(crate) const ITEMS_BY: &str = "itemsBy";

/// The filters of all operations, and the names under which clients look for one.
const FILTERS: [&str; 12] = [
    STATUS,
    POOL_TYPE,
    CAMPAIGN_ID,
    "poolName",
    "sourceName",
    "taskId",
    ITEMS_BY,
    "asOf",
    STATEMENT,
    "q",
    "changedSince",
    "cursor",
];

/// The token of a share link, which says who reads and not what.
pub(crate) const SHARE: &str = "share";

/// What keeps caches of others from responding; it means nothing.
const CACHE_BUSTER: &str = "_";

/// Refuses a parameter by its name, if it is a filter: for an operation that has none, and ignores what it does not know.
pub(crate) fn refuse_filter(name: &str) -> Result<(), InvalidParameter> {
    match FILTERS.iter().find(|filter| names_list(name, filter)) {
        Some(filter) => Err(invalid(filter, "is no filter of this operation")),
        None => Ok(()),
    }
}

/// Refuses a parameter that the operation does not have: for one that has filters, as another name may be a misspelled one.
/// `known` are the names that it has, for the message.
pub(crate) fn refuse_unknown(name: &str, known: &str) -> Result<(), InvalidParameter> {
    refuse_filter(name)?;
    if [LIMIT, OFFSET, CACHE_BUSTER, SHARE].contains(&name) {
        return Ok(());
    }
    Err(InvalidParameter(format!("{} is no parameter of this operation, which has {known}", quoted(name))))
}

/// `name`, `name[]` and `name[0]` are one list.
pub(crate) fn names_list(name: &str, list: &str) -> bool {
    let Some(rest) = name.strip_prefix(list) else {
        return false;
    };
    let index = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    rest.is_empty() || index.is_some_and(|index| index.bytes().all(|byte| byte.is_ascii_digit()))
}
