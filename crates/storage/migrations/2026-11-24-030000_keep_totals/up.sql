-- Sums over the tasks of a request, kept by whoever writes tasks, in the same transaction: a summary costs the same
-- whether a request has a thousand tasks or a million. Sums are numeric: two counts can add up to more than a bigint.

CREATE TABLE statistics_totals (
    annotation_request_id text COLLATE "C" NOT NULL,
    pool_type smallint NOT NULL CHECK (pool_type BETWEEN 0 AND 5),
    status integer NOT NULL,
    tasks bigint NOT NULL CHECK (tasks >= 0),
    instances numeric NOT NULL CHECK (instances >= 0),
    attributes numeric NOT NULL CHECK (attributes >= 0),
    frames numeric NOT NULL CHECK (frames >= 0),
    PRIMARY KEY (annotation_request_id, pool_type, status)
) WITH (fillfactor = 80);

CREATE TABLE operation_item_totals (
    annotation_request_id text COLLATE "C" NOT NULL,
    -- As long as a key may be, though the first servers with this table had a lower limit.
    item_key text COLLATE "C" NOT NULL CHECK (octet_length(item_key) BETWEEN 1 AND 1024),
    total numeric NOT NULL CHECK (total >= 0),
    -- Tasks that have more than none of it.
    tasks bigint NOT NULL CHECK (tasks >= 0),
    -- Of these, the tasks that have instances and no attributes: there the item is a slot.
    tasks_of_slots bigint NOT NULL CHECK (tasks_of_slots >= 0),
    -- And those that have attributes and no instances: there it is an input.
    tasks_of_inputs bigint NOT NULL CHECK (tasks_of_inputs >= 0),
    PRIMARY KEY (annotation_request_id, item_key)
) WITH (fillfactor = 80);

INSERT INTO statistics_totals (annotation_request_id, pool_type, status, tasks, instances, attributes, frames)
SELECT annotation_request_id, pool_type, status, count(*), sum(instance_num), sum(attribute_num), sum(frame_num)
FROM statistics GROUP BY annotation_request_id, pool_type, status;

INSERT INTO operation_item_totals (annotation_request_id, item_key, total, tasks, tasks_of_slots, tasks_of_inputs)
SELECT s.annotation_request_id, item.key, sum(item.value::text::numeric), count(*),
       count(*) FILTER (WHERE s.attribute_num = 0), count(*) FILTER (WHERE s.instance_num = 0)
FROM statistics AS s, jsonb_each(s.instance_info) AS item WHERE item.value::text::numeric > 0
GROUP BY s.annotation_request_id, item.key;
