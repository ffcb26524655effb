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

/// Appends what is on the stage to its requests, in the order of the stream. Every position has a task or is known as
/// removed, so that a page is found without counting (ADR 9, 68); the lock on the counter row makes their number the next
/// free one.
macro_rules! insert_new_tasks {
    (AT $place:literal FROM $staged:literal) => {
        concat!(
            "
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                        instance_num, attribute_num, frame_num, source_name)
SELECT s.annotation_request_id, s.task_id, r.task_count + r.removed_count + ",
            $place,
            ", s.status, s.pool_type, s.pool_name, s.instance_info, s.instance_num, s.attribute_num, s.frame_num,
       s.source_name
FROM ",
            $staged,
            " JOIN annotation_requests AS r ON r.id = s.annotation_request_id"
        )
    };
}

/// Whatever the order of the stream.
pub(super) const INSERT_NEW_TASKS: &str = insert_new_tasks!(
    AT "row_number() OVER (PARTITION BY s.annotation_request_id ORDER BY s.place) - 1"
    FROM "staged_tasks AS s"
);

/// Where each request is a block: nothing need be sorted.
pub(super) const INSERT_BLOCKS: &str = insert_new_tasks!(
    AT "s.place - q.first_place"
    FROM "staged_tasks AS s JOIN staged_requests AS q ON q.id = s.annotation_request_id"
);
