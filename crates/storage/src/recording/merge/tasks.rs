//! The tasks: which differ, how they are updated, and where new ones go.

/// Whether a known task `t` differs from what is staged, `s`. `IS DISTINCT FROM`, as a source name may be NULL; a task that
/// comes without one keeps the one it has (ADR 42).
macro_rules! task_differs {
    () => {
        "(t.status, t.pool_type, t.pool_name, t.instance_info, t.instance_num, t.attribute_num, t.frame_num,
       t.source_name)
      IS DISTINCT FROM
      (s.status, s.pool_type, s.pool_name, s.instance_info, s.instance_num, s.attribute_num, s.frame_num,
       coalesce(s.source_name, t.source_name))"
    };
}
pub(super) use task_differs;

/// Updates known tasks in place: a task keeps its position (ADR 9).
macro_rules! update_tasks {
    (FROM $staged:literal WHERE $found:literal) => {
        concat!(
            "
UPDATE statistics AS t
SET status = s.status, pool_type = s.pool_type, pool_name = s.pool_name, instance_info = s.instance_info,
    instance_num = s.instance_num, attribute_num = s.attribute_num, frame_num = s.frame_num,
    source_name = coalesce(t.source_name, s.source_name)
FROM ",
            $staged,
            " WHERE ",
            $found
        )
    };
}
pub(super) use update_tasks;

/// Where the next task of each request goes, and where its first one is in the stream. Every position has a task or is known as
/// removed, so that a page is found without counting (ADR 9, 68); the lock on the counter row makes their number the next
/// free one. Copied from the counter rows: where requests are sharded, a join with these would send all of the stage to each
/// of the shards.
pub(super) const CREATE_NEXT_POSITIONS: &str = "
CREATE TEMPORARY TABLE next_positions ON COMMIT DROP AS
SELECT r.id, r.task_count + r.removed_count AS position, q.first_place
FROM staged_requests AS q JOIN annotation_requests AS r ON r.id = q.id";

/// Appends what is on the stage to its requests, in the order of the stream.
macro_rules! insert_new_tasks {
    (AT $place:literal) => {
        concat!(
            "
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                        instance_num, attribute_num, frame_num, source_name)
SELECT s.annotation_request_id, s.task_id, n.position + ",
            $place,
            ", s.status, s.pool_type, s.pool_name, s.instance_info, s.instance_num, s.attribute_num, s.frame_num,
       s.source_name
FROM staged_tasks AS s JOIN next_positions AS n ON n.id = s.annotation_request_id"
        )
    };
}

/// Whatever the order of the stream.
pub(super) const INSERT_NEW_TASKS: &str =
    insert_new_tasks!(AT "row_number() OVER (PARTITION BY s.annotation_request_id ORDER BY s.place) - 1");

/// Where each request is a block: nothing need be sorted.
pub(super) const INSERT_BLOCKS: &str = insert_new_tasks!(AT "s.place - n.first_place");
