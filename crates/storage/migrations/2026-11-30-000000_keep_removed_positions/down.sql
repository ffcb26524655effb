WITH placed AS (
    SELECT s.annotation_request_id, s.task_id,
           row_number() OVER (PARTITION BY s.annotation_request_id ORDER BY s.position) - 1 AS place
    FROM statistics AS s JOIN annotation_requests AS r ON r.id = s.annotation_request_id AND r.removed_count > 0
), moved AS (
    DELETE FROM statistics AS s USING placed AS p
    WHERE s.annotation_request_id = p.annotation_request_id AND s.task_id = p.task_id AND s.position <> p.place
    RETURNING p.place, s.*
)
INSERT INTO statistics (annotation_request_id, task_id, position, status, pool_type, pool_name, instance_info,
                        instance_num, attribute_num, frame_num, source_name)
SELECT annotation_request_id, task_id, place, status, pool_type, pool_name, instance_info, instance_num, attribute_num,
       frame_num, source_name
FROM moved ORDER BY place;

ALTER TABLE annotation_requests DROP COLUMN layout, DROP COLUMN next_position, DROP COLUMN removed_count;

DROP TABLE removed_positions;
