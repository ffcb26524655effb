//! Pages of one request each, several of them by one statement (ADR 63).

use crate::DatabaseError;
use crate::connection::prepared_statement;
use crate::reading::page::columns::{PageRecords, page_counts, page_records};
use crate::reading::page::of_many;
use crate::reading::page::query::{PageQuery, PageResult};
use crate::reading::page::rows::{PageRow, PageRows};
use annotation_statistics_domain::AnnotationRequestId;
use diesel::RunQueryDsl;
use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgConnection;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text};

/// For each of the pages the rows of [`PAGE_OF_ONE_SQL`](crate::PAGE_OF_ONE_SQL), after the number of the page, from 1: of the
/// requests `$1` at positions `$2` to `$3`, in no order. Its campaigns are those of `$6` at the places `$4` to `$5`, both
/// included; all where there are no places.
///
/// The positions are joined to `page` alone: where a clause refers to two tables, the planner overlooks that they bound the
/// index scan. For the sub-selects see [`PAGE_OF_ONE_SQL`](crate::PAGE_OF_ONE_SQL).
pub const PAGE_BATCH_SQL: &str = concat!(
    "SELECT page.number, CASE WHEN s.position > page.first",
    page_records!(),
    " FROM unnest((SELECT $1::text[]), (SELECT $2::bigint[]), (SELECT $3::bigint[]), (SELECT $4::integer[]), \
     (SELECT $5::integer[])) WITH ORDINALITY AS page (id, first, past, scope_first, scope_last, number) \
     JOIN annotation_requests AS r ON r.id = page.id \
     AND coalesce(r.campaign_id = ANY((SELECT $6::text[])[page.scope_first : page.scope_last]), true) \
     LEFT JOIN statistics AS s ON s.annotation_request_id = page.id \
     AND s.position >= page.first AND s.position < page.past",
);

prepared_statement!(PageBatch, PAGE_BATCH_SQL, (BigInt, PageRecords), {
    1 => ids: Vec<&'a str> as Array<Text>,
    2 => firsts: Vec<i64> as Array<BigInt>,
    3 => pasts: Vec<i64> as Array<BigInt>,
    4 => scope_firsts: Vec<Option<i32>> as Array<Nullable<Integer>>,
    5 => scope_lasts: Vec<Option<i32>> as Array<Nullable<Integer>>,
    6 => campaigns: Vec<&'a str> as Array<Text>,
});

/// The page of each query, which is about the request beside it alone.
pub(super) fn find(
    connection: &mut PgConnection,
    queries: &[(&AnnotationRequestId, &PageQuery)],
) -> Result<Vec<Result<PageResult, DatabaseError>>, DatabaseError> {
    let mut pages: Vec<PageRows> = queries.iter().map(|(_, query)| PageRows::new(query.max_bytes)).collect();
    let statement = statement(queries);
    for row in statement.load_iter::<PageRow, DefaultLoadingMode>(connection)? {
        let row = row?;
        let page = usize::try_from(row.number - 1).ok().and_then(|index| pages.get_mut(index));
        page.ok_or_else(|| DatabaseError::Corrupt("a row of no page".into()))?.push(row);
    }
    let mut found = Vec::with_capacity(pages.len());
    for (page, (id, query)) in pages.into_iter().zip(queries) {
        found.push(match page.page(id, query) {
            Ok(Some(page)) => Ok(page),
            Ok(None) => of_many::find_in_one_snapshot(connection, query)?,
            Err(error) => Err(error),
        });
    }
    Ok(found)
}

/// Selects nothing, but fails where selecting something would.
pub(super) fn check(connection: &mut PgConnection) -> Result<(), DatabaseError> {
    find(connection, &[]).map(drop)
}

fn statement<'a>(queries: &[(&'a AnnotationRequestId, &'a PageQuery)]) -> PageBatch<'a> {
    let (mut scope_firsts, mut scope_lasts, mut campaigns) = (Vec::new(), Vec::new(), Vec::new());
    for (_, query) in queries {
        let place = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let own = query.campaigns();
        let is_limited = own.is_some();
        let first = place(campaigns.len() + 1);
        campaigns.extend(own.into_iter().flatten());
        scope_firsts.push(is_limited.then_some(first));
        scope_lasts.push(is_limited.then_some(place(campaigns.len())));
    }
    PageBatch {
        ids: queries.iter().map(|(id, _)| id.as_str()).collect(),
        firsts: queries.iter().map(|(_, query)| query.positions().start).collect(),
        pasts: queries.iter().map(|(_, query)| query.positions().end).collect(),
        scope_firsts,
        scope_lasts,
        campaigns,
    }
}
