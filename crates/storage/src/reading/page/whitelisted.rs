//! A page with what is ordered of the requests of its tasks (ADR 100).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::page::of_many;
use crate::reading::page::query::PageQuery;
use crate::reading::summary_rows::ByteBudget;
use annotation_statistics_domain::{
    AnnotationRequestId, OperationItemKey, PositionRange, RepositoryError, Whitelist, WhitelistedPage,
};
use diesel::RunQueryDsl;
use diesel::pg::{PgConnection, PgRowByRowLoadingMode};
use diesel::sql_types::{Array, Text};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What is ordered of the requests `$1`, in no order.
pub const WHITELISTED_ITEMS_SQL: &str =
    "SELECT annotation_request_id, item_key FROM request_items WHERE annotation_request_id = ANY($1) AND whitelisted";

/// That of one. With `=` Postgres keeps the plan; for a short array it plans each time (ADR 12).
pub const WHITELISTED_ITEMS_OF_ONE_SQL: &str =
    "SELECT annotation_request_id, item_key FROM request_items WHERE annotation_request_id = $1 AND whitelisted";

type Columns = (Text, Text);

prepared_statement!(WhitelistedItems, WHITELISTED_ITEMS_SQL, Columns, { 1 => ids: &'a [&'a str] as Array<Text>, });
prepared_statement!(WhitelistedItemsOfOne, WHITELISTED_ITEMS_OF_ONE_SQL, Columns, { 1 => id: &'a str as Text, });

/// The page with the whitelists, all of one snapshot: the caller has begun a transaction with one.
pub(crate) fn find(
    connection: &mut PgConnection,
    query: &PageQuery,
) -> Result<Result<WhitelistedPage, RepositoryError>, DatabaseError> {
    let (page, ranges) = match of_many::find_in_transaction(connection, query)? {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let touched = |range: &PositionRange| query.requests.as_slice().get(range.request);
    let ids: Vec<&AnnotationRequestId> = ranges.iter().filter_map(touched).collect();
    let most = if page.page.rows.len() > 1 { query.max_bytes } else { usize::MAX };
    let whitelists = match load(connection, &ids, most)? {
        Ok(whitelists) => whitelists,
        Err(too_large) => return Ok(Err(too_large)),
    };
    let mut of_rows = Vec::with_capacity(page.page.rows.len());
    for (range, id) in ranges.iter().zip(ids) {
        let whitelist = whitelists.get(id.as_str()).cloned().unwrap_or_default();
        of_rows.extend((0..range.len()).map(|_| Arc::clone(&whitelist)));
    }
    Ok(Ok(WhitelistedPage { page, whitelists: of_rows }))
}

/// By request. Each of them has at least one task on the page, so what is too large here is too large there.
fn load(
    connection: &mut PgConnection,
    requests: &[&AnnotationRequestId],
    max_bytes: usize,
) -> Result<Result<HashMap<String, Whitelist>, RepositoryError>, DatabaseError> {
    let ids: Vec<&str> = requests.iter().map(|id| id.as_str()).collect();
    let mut read = Whitelists { budget: ByteBudget::new(max_bytes), is_exceeded: false, by_request: HashMap::new() };
    match *ids {
        [] => {}
        [id] => {
            let rows = WhitelistedItemsOfOne { id }.load_iter::<_, PgRowByRowLoadingMode>(connection)?;
            rows.into_iter().try_for_each(|row| read.push(row?))?;
        }
        _ => {
            let rows = WhitelistedItems { ids: &ids }.load_iter::<_, PgRowByRowLoadingMode>(connection)?;
            rows.into_iter().try_for_each(|row| read.push(row?))?;
        }
    }
    Ok(read.finish())
}

/// Whitelists while they are read.
struct Whitelists {
    budget: ByteBudget,
    is_exceeded: bool,
    /// With the bytes of the keys of each.
    by_request: HashMap<String, (BTreeSet<OperationItemKey>, usize)>,
}

impl Whitelists {
    /// Keeps a key, as long as there is room; then only its size.
    fn push(&mut self, (request, key): (String, String)) -> Result<(), DatabaseError> {
        self.is_exceeded |= !self.budget.take(key.len());
        let corrupt = |error| DatabaseError::Corrupt(format!("request_items.item_key of `{request}`: {error}"));
        let key = OperationItemKey::new(key).map_err(corrupt)?;
        let (keys, bytes) = self.by_request.entry(request).or_default();
        *bytes = bytes.saturating_add(key.as_str().len()).saturating_add(ZERO_BYTES);
        if self.is_exceeded {
            keys.clear();
        } else {
            keys.insert(key);
        }
        Ok(())
    }

    fn finish(self) -> Result<HashMap<String, Whitelist>, RepositoryError> {
        if self.is_exceeded {
            let largest = self.by_request.values().map(|(_, bytes)| *bytes).max().unwrap_or_default();
            return Err(RepositoryError::PageTooLarge { largest });
        }
        Ok(self.by_request.into_iter().map(|(request, (keys, _))| (request, Arc::new(keys))).collect())
    }
}

/// What a zero takes in JSON besides its key: quotes, colon, digit and comma.
const ZERO_BYTES: usize = 5;
