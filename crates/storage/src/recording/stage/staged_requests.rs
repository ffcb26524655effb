//! The requests of the staged tasks.

/// One row per staged request. It is a block where its tasks have consecutive places, if no two tasks have the same one.
macro_rules! staged_requests {
    () => {
        "SELECT annotation_request_id AS id, min(campaign_id) AS campaign_id,
       min(campaign_id) <> max(campaign_id) AS campaigns_differ, min(counting_rule) AS counting_rule,
       min(counting_rule) <> max(counting_rule) AS rules_differ, 0::bigint AS inserted, 0::bigint AS updated,
       false AS has_new_kinds, count(*) AS tasks, min(place) AS first_place,
       max(place) - min(place) + 1 = count(*) AS is_block
FROM staged_tasks GROUP BY annotation_request_id"
    };
}
pub(crate) use staged_requests;
