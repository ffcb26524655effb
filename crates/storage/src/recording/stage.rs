//! The stage: where the tasks of a stream are before any of them is merged (ADR 17, 66).

mod arrays;
mod incoming;
mod staging_table;

pub(super) use arrays::{instance_info, staged_in_arrays};
pub(super) use incoming::{FEW_TASKS, Incoming, StageError};
pub(super) use staging_table::{Staged, fill};

/// One row per staged request.
macro_rules! staged_requests {
    () => {
        "SELECT annotation_request_id AS id, min(campaign_id) AS campaign_id,
       min(campaign_id) <> max(campaign_id) AS campaigns_differ, min(counting_rule) AS counting_rule,
       min(counting_rule) <> max(counting_rule) AS rules_differ, 0::bigint AS inserted, 0::bigint AS updated,
       false AS has_new_kinds
FROM staged_tasks GROUP BY annotation_request_id"
    };
}
pub(super) use staged_requests;
