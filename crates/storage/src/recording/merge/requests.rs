//! The counter rows: locked before anything of their requests is read, counted up and revised last.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};

/// Creates the counter rows that are missing and locks all of them, in the order of the ids so that writers never
/// deadlock (ADR 17). The update changes nothing: it is the lock, which `ON CONFLICT DO NOTHING` would not take.
/// Revision 0 is that of a row that this very transaction created.
macro_rules! lock_requests {
    () => {
        "
INSERT INTO annotation_requests AS r (id, campaign_id, task_count, revision, created_at, updated_at)
SELECT id, campaign_id, 0, 0, transaction_timestamp(), transaction_timestamp() FROM staged_requests ORDER BY id
ON CONFLICT (id) DO UPDATE SET campaign_id = r.campaign_id"
    };
}
pub(super) use lock_requests;

/// The staged requests that this transaction changes.
macro_rules! is_changed {
    () => {
        "(q.inserted > 0 OR q.updated > 0 OR q.has_new_kinds)"
    };
}
pub(super) use is_changed;

/// Counts up what was inserted, and gives the request its new revision: `c` in the `FROM` clause has the numbers. Sums by
/// group that are of the last revision are of this one then, and others of none (ADR 84).
/// Timestamps are those of revisions, so they are in the order of the changes, however long each transaction took. They go
/// through `timestamp`, as nothing that depends on the time zone of the session may be worked out of columns where requests
/// are sharded (ADR 74).
macro_rules! revise {
    (FROM $changed:literal WHERE $found:literal) => {
        concat!(
            "
UPDATE annotation_requests AS r
SET task_count = r.task_count + c.inserted, next_position = r.next_position + c.inserted,
    counting_rule = coalesce(r.counting_rule, c.counting_rule),
    revision = c.revision, summed_revision = r.summed_revision + c.revision - r.revision,
    created_at = CASE r.revision
                     WHEN 0 THEN (timestamp 'epoch' + c.revision * interval '1 microsecond') AT TIME ZONE 'UTC'
                     ELSE r.created_at
                 END,
    updated_at = (timestamp 'epoch' + c.revision * interval '1 microsecond') AT TIME ZONE 'UTC'
FROM ",
            $changed,
            " AS c
WHERE ",
            $found
        )
    };
}
pub(super) use revise;

/// A revision is the time of the change in microseconds, or one more than the last one where the clock has not moved on
/// (ADR 11).
macro_rules! new_revision {
    (after $last:literal) => {
        $crate::recording::merge::requests::new_revision!(after $last at "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint")
    };
    // All requests of a write get the same one: `$first` is null, or the first that it gave.
    (after $last:literal as $first:literal) => {
        $crate::recording::merge::requests::new_revision!(
            after $last
            at "coalesce(", $first, ", (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)"
        )
    };
    (after $last:literal at $($time:literal),+) => {
        concat!("greatest(", $last, ", ", $($time,)+ ") AS revision")
    };
}
pub(super) use new_revision;

/// The revision of a request that was deleted goes on from its last one, so that no entity tag becomes valid again.
/// Materialized: no function of the time may come into the CASE of the update where requests are sharded (ADR 74).
macro_rules! count_and_revise {
    () => {
        concat!(
            "
WITH revised AS MATERIALIZED (
    SELECT q.id, q.inserted, q.counting_rule, ",
            $crate::recording::merge::requests::new_revision!(after "r.revision + 1, d.revision + 1"),
            "
    FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id
    LEFT JOIN deleted_annotation_requests AS d ON d.annotation_request_id = r.id AND r.revision = 0
    WHERE ",
            is_changed!(),
            "
)",
            $crate::recording::merge::requests::revise!(FROM "revised" WHERE "r.id = c.id")
        )
    };
}
pub(super) use count_and_revise;

/// A request that this transaction has changed.
#[derive(QueryableByName)]
pub(super) struct RevisedRequest {
    #[diesel(sql_type = Text)]
    pub(super) id: String,
    #[diesel(sql_type = BigInt)]
    pub(super) revision: i64,
}
