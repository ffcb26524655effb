-- A migration of its own: this takes as long as all tasks take to be read, and only writers wait meanwhile. The rows are
-- locked first, so that the sums are of these revisions. What is created meanwhile is not summed up, and known as such.
UPDATE annotation_requests SET summed_revision = revision;

INSERT INTO item_group_totals (annotation_request_id, item_key, pool_type, status, total, tasks, tasks_of_slots,
                               tasks_of_inputs)
SELECT s.annotation_request_id, item.key, s.pool_type, s.status, sum(item.value::text::numeric), count(*),
       count(*) FILTER (WHERE s.attribute_num = 0), count(*) FILTER (WHERE s.instance_num = 0)
FROM statistics AS s, jsonb_each(s.instance_info) AS item WHERE item.value <> '0'
GROUP BY s.annotation_request_id, item.key, s.pool_type, s.status;
