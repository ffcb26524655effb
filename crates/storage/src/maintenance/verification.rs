//! Counts everything again, and compares it with what is stored.

use crate::connection::in_one_snapshot;
use crate::connection::prepared_statement;
use crate::{ConnectionSettings, DatabaseError};
use annotation_statistics_domain::{AnnotationRequestId, BoxError, RepositoryError};
use diesel::pg::PgConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{OptionalExtension, RunQueryDsl};
use std::fmt;

/// The request after `$1`, in the order of the ids, and how many tasks it is said to have.
const NEXT_REQUEST: &str = "SELECT id, task_count FROM annotation_requests WHERE id > $1 ORDER BY id LIMIT 1";

/// Whatever of the request `$1` is kept otherwise than it is counted: what it is, as kept, as counted.
///
/// So many different positions have that sum only where they are exactly the first ones, with a task or known as removed.
const DRIFTS: &str = "\
WITH tasks AS MATERIALIZED (SELECT position, pool_type, status, instance_info, instance_num, attribute_num, frame_num \
FROM statistics WHERE annotation_request_id = $1), \
removed AS (SELECT p.position FROM removed_positions AS p WHERE p.annotation_request_id = $1 \
AND NOT EXISTS (SELECT FROM statistics AS s WHERE s.annotation_request_id = $1 AND s.position = p.position)), \
kept AS ( \
SELECT 'annotation_requests.task_count' AS what, task_count::text AS number FROM annotation_requests WHERE id = $1 \
UNION ALL SELECT 'annotation_requests.removed_count', removed_count::text FROM annotation_requests WHERE id = $1 \
UNION ALL SELECT 'the sum of the positions', \
((task_count + removed_count)::numeric * (task_count + removed_count - 1) / 2)::bigint::text \
FROM annotation_requests WHERE id = $1 \
UNION ALL SELECT format('statistics_totals of pool type %s, status %s', pool_type, status), \
concat_ws(', ', tasks, instances, attributes, frames) FROM statistics_totals WHERE annotation_request_id = $1 \
UNION ALL SELECT format('operation_item_totals of %s', item_key), \
concat_ws(', ', total, tasks, tasks_of_slots, tasks_of_inputs) FROM operation_item_totals \
WHERE annotation_request_id = $1 \
UNION ALL SELECT 'annotation_requests.summed_revision', summed_revision::text FROM annotation_requests WHERE id = $1 \
UNION ALL SELECT format('item_group_totals of %s, pool type %s, status %s', item_key, pool_type, status), \
concat_ws(', ', total, tasks, tasks_of_slots, tasks_of_inputs) FROM item_group_totals \
WHERE annotation_request_id = $1), \
counted AS ( \
SELECT 'annotation_requests.task_count' AS what, count(*)::text AS number FROM tasks \
UNION ALL SELECT 'annotation_requests.removed_count', count(*)::text FROM removed \
UNION ALL SELECT 'the sum of the positions', coalesce(sum(position), 0)::bigint::text \
FROM (SELECT position FROM tasks UNION ALL SELECT position FROM removed) AS given \
UNION ALL SELECT format('statistics_totals of pool type %s, status %s', pool_type, status), \
concat_ws(', ', count(*), sum(instance_num), sum(attribute_num), sum(frame_num)) FROM tasks GROUP BY pool_type, status \
UNION ALL SELECT format('operation_item_totals of %s', item.key), concat_ws(', ', sum(item.value::text::numeric), \
count(*), count(*) FILTER (WHERE attribute_num = 0), count(*) FILTER (WHERE instance_num = 0)) \
FROM tasks, jsonb_each(instance_info) AS item WHERE item.value <> '0' GROUP BY item.key \
UNION ALL SELECT 'annotation_requests.summed_revision', revision::text FROM annotation_requests WHERE id = $1 \
UNION ALL SELECT format('item_group_totals of %s, pool type %s, status %s', item.key, pool_type, status), \
concat_ws(', ', sum(item.value::text::numeric), count(*), count(*) FILTER (WHERE attribute_num = 0), \
count(*) FILTER (WHERE instance_num = 0)) \
FROM tasks, jsonb_each(instance_info) AS item WHERE item.value <> '0' GROUP BY item.key, pool_type, status) \
SELECT what, kept.number, counted.number FROM kept FULL JOIN counted USING (what) \
WHERE kept.number IS DISTINCT FROM counted.number ORDER BY what";

/// Rows of sums whose request is gone.
const ORPHANS: &str = "\
SELECT 'statistics' AS place, annotation_request_id FROM statistics AS t \
WHERE NOT EXISTS (SELECT FROM annotation_requests AS r WHERE r.id = t.annotation_request_id) \
UNION SELECT 'statistics_totals', annotation_request_id FROM statistics_totals AS t \
WHERE NOT EXISTS (SELECT FROM annotation_requests AS r WHERE r.id = t.annotation_request_id) \
UNION SELECT 'operation_item_totals', annotation_request_id FROM operation_item_totals AS t \
WHERE NOT EXISTS (SELECT FROM annotation_requests AS r WHERE r.id = t.annotation_request_id) \
UNION SELECT 'item_group_totals', annotation_request_id FROM item_group_totals AS t \
WHERE NOT EXISTS (SELECT FROM annotation_requests AS r WHERE r.id = t.annotation_request_id) \
UNION SELECT 'removed_positions', annotation_request_id FROM removed_positions AS t \
WHERE NOT EXISTS (SELECT FROM annotation_requests AS r WHERE r.id = t.annotation_request_id) \
UNION SELECT 'operation_items', annotation_request_id FROM operation_items AS t \
WHERE NOT EXISTS (SELECT FROM annotation_requests AS r WHERE r.id = t.annotation_request_id) \
UNION SELECT 'request_items', annotation_request_id FROM request_items AS t \
WHERE NOT EXISTS (SELECT FROM annotation_requests AS r WHERE r.id = t.annotation_request_id) \
ORDER BY 1, 2";

prepared_statement!(NextRequest, NEXT_REQUEST, (Text, BigInt), { 1 => after: &'a str as Text, });
prepared_statement!(Drifts, DRIFTS, (Text, Nullable<Text>, Nullable<Text>), { 1 => id: &'a str as Text, });

/// A stored number that differs from what is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The request that it is about.
    pub annotation_request_id: AnnotationRequestId,
    /// What differs: a table and what of it.
    pub what: String,
    /// As it is kept; `None` when it is not.
    pub kept: Option<String>,
    /// As it is counted; `None` when there is nothing to count.
    pub counted: Option<String>,
}

impl fmt::Display for Drift {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |number: &Option<String>| number.clone().unwrap_or_else(|| "nothing".to_owned());
        let (kept, counted) = (number(&self.kept), number(&self.counted));
        write!(formatter, "`{}`: {}: kept {kept}, counted {counted}", self.annotation_request_id, self.what)
    }
}

/// What was verified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verified {
    /// Requests.
    pub requests: u64,
    /// Tasks of them.
    pub tasks: u64,
    /// How many numbers differed.
    pub drifts: u64,
}

/// What a verification reports.
#[derive(Debug)]
pub enum Finding {
    /// The next request was verified; it has so many tasks.
    Request {
        /// How many tasks it is said to have.
        tasks: u64,
    },
    /// Something differs.
    Drift(Drift),
}

/// Counts the tasks of every request again and compares the counts with those that are kept, one request after the other,
/// each in one snapshot; reports what it finds as it goes.
///
/// Nothing is changed or locked. Give it a connection with long limits: a request of a million tasks takes
/// some seconds.
///
/// # Errors
/// When the database cannot be reached or refuses; what was reported until then is valid.
pub fn verify(settings: &ConnectionSettings, report: &mut dyn FnMut(Finding)) -> Result<Verified, RepositoryError> {
    let unavailable = |error: DatabaseError| RepositoryError::Unavailable(BoxError::from(error));
    let mut connection = settings.open().map_err(unavailable)?;
    let mut verified = Verified::default();
    let mut last = String::new();
    // Both in one snapshot: a request that is deleted in between would seem to have kept nothing.
    while let Some((id, tasks, drifts)) = in_one_snapshot(&mut connection, |connection| look(connection, &last))? {
        verified.requests += 1;
        verified.tasks += tasks;
        verified.drifts += drifts.len().try_into().unwrap_or(u64::MAX);
        for drift in drifts {
            report(Finding::Drift(drift));
        }
        report(Finding::Request { tasks });
        id.as_str().clone_into(&mut last);
    }
    for drift in orphans(&mut connection)? {
        verified.drifts += 1;
        report(Finding::Drift(drift));
    }
    Ok(verified)
}

/// The request after that of this id, how many tasks it is said to have, and what of it differs.
fn look(
    connection: &mut PgConnection,
    after: &str,
) -> Result<Option<(AnnotationRequestId, u64, Vec<Drift>)>, DatabaseError> {
    let Some((id, tasks)) = next_request(connection, after)? else { return Ok(None) };
    let drifts = drifts(connection, &id)?;
    Ok(Some((id, tasks, drifts)))
}

fn next_request(
    connection: &mut PgConnection,
    after: &str,
) -> Result<Option<(AnnotationRequestId, u64)>, DatabaseError> {
    let row: Option<(String, i64)> = NextRequest { after }.get_result(connection).optional()?;
    row.map(|(id, tasks)| Ok((known(id)?, tasks.unsigned_abs()))).transpose()
}

/// What of the request is kept otherwise than it is counted.
pub(super) fn drifts(connection: &mut PgConnection, id: &AnnotationRequestId) -> Result<Vec<Drift>, DatabaseError> {
    let rows = Drifts { id: id.as_str() }.load(connection).map_err(|error| {
        let error = DatabaseError::from(error);
        // By a task that breaks a rule: to repair it one needs to know where it is.
        let DatabaseError::Refused(why) = error else { return error };
        DatabaseError::Corrupt(format!("the tasks of `{id}` cannot be counted: {why}"))
    });
    let rows: Vec<(String, Option<String>, Option<String>)> = rows?;
    let drift = |(what, kept, counted)| Drift { annotation_request_id: id.clone(), what, kept, counted };
    Ok(rows.into_iter().map(drift).collect())
}

#[derive(diesel::QueryableByName)]
struct Orphan {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    annotation_request_id: String,
}

fn orphans(connection: &mut PgConnection) -> Result<Vec<Drift>, DatabaseError> {
    let rows: Vec<Orphan> = diesel::sql_query(ORPHANS).load(connection)?;
    let drift = |Orphan { place, annotation_request_id }| {
        let what = format!("{place} of a request that is gone");
        let kept = Some("rows".to_owned());
        Ok(Drift { annotation_request_id: known(annotation_request_id)?, what, kept, counted: None })
    };
    rows.into_iter().map(drift).collect()
}

fn known(id: String) -> Result<AnnotationRequestId, DatabaseError> {
    let named = AnnotationRequestId::new(id);
    named.map_err(|error| DatabaseError::Corrupt(format!("annotation_requests.id: {error}")))
}
