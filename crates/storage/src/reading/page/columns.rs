//! What the statements of a page select: as records, or as columns where another server sends them.

use crate::reading::request_counters::CounterColumns;
use crate::reading::stored_task::{PageTaskColumns, TaskColumns};
use diesel::sql_types::{Nullable, Record};

/// What a page selects after `CASE WHEN` the request is left out: the request and the task as a record each (ADR 77).
macro_rules! page_records {
    () => {
        concat!(
            " THEN NULL ELSE \
             ROW(r.campaign_id, r.task_count, r.revision, r.counting_rule, r.removed_count, r.layout) END AS request, \
             CASE WHEN s.position IS NOT NULL THEN \
             ROW(s.position, s.task_id, s.status, s.pool_name, s.pool_type, ",
            page_counts!(),
            ", s.instance_num, s.attribute_num, s.frame_num, s.source_name) END AS task",
        )
    };
}
pub(super) use page_records;

/// The same in columns, where only the campaign is left out.
macro_rules! page_columns {
    () => {
        concat!(
            " THEN NULL ELSE r.campaign_id END AS campaign_id, \
             r.task_count, r.revision, r.counting_rule, r.removed_count, r.layout, \
             s.position, s.task_id, s.status, s.pool_name, s.pool_type, ",
            page_counts!(),
            " AS instance_info, s.instance_num, s.attribute_num, s.frame_num, s.source_name",
        )
    };
}
pub(super) use page_columns;

/// Counts that Postgres has compressed, or of more than 2,000 bytes, are null: they may take any memory.
macro_rules! page_counts {
    () => {
        "CASE WHEN pg_column_compression(s.instance_info) IS NULL AND pg_column_size(s.instance_info) <= 2000 \
         THEN s.instance_info END"
    };
}
pub(super) use page_counts;

pub(super) type PageColumns = (CounterColumns, Nullable<TaskColumns>);
pub(super) type PageRecords = (Nullable<Record<CounterColumns>>, Nullable<Record<PageTaskColumns>>);
