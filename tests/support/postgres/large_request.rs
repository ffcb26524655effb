//! A request whose export no buffer between the service and a reader holds.

use super::database::TestDatabase;

/// Large enough for that: about 30 MB as JSON Lines.
pub const LARGE: i64 = 20_000;

/// A request `large` of this many large tasks, recorded past the service, as that is quicker.
pub fn fill(database: &TestDatabase, tasks: i64) {
    database.execute(&format!(
        "INSERT INTO annotation_requests (id, campaign_id, task_count, revision, created_at, updated_at) \
         VALUES ('large', '1001', {tasks}, 1, now(), now()); \
         INSERT INTO statistics SELECT 'large', n, n, 11, 5, repeat('p', 255), \
         jsonb_build_object('car', 1, repeat('k', 255), 0, repeat('l', 255), 0, repeat('m', 255), 0, repeat('n', 255), 0), 1, 0, 1 \
         FROM generate_series(0, {tasks} - 1) AS n; \
         INSERT INTO statistics_totals VALUES ('large', 5, 11, {tasks}, {tasks}, 0, {tasks}); \
         INSERT INTO operation_item_totals VALUES ('large', 'car', {tasks}, {tasks}, {tasks}, 0)"
    ));
}
