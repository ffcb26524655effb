-- The sums of operation_item_totals by pool type and status, too: how many of an item are in tasks of this status.
CREATE TABLE item_group_totals (
    annotation_request_id text COLLATE "C" NOT NULL,
    item_key text COLLATE "C" NOT NULL CHECK (octet_length(item_key) BETWEEN 1 AND 1024),
    pool_type smallint NOT NULL CHECK (pool_type BETWEEN 0 AND 5),
    status integer NOT NULL,
    total numeric NOT NULL CHECK (total >= 0),
    -- As in operation_item_totals, of the tasks of this pool type and status.
    tasks bigint NOT NULL CHECK (tasks >= 0),
    tasks_of_slots bigint NOT NULL CHECK (tasks_of_slots >= 0),
    tasks_of_inputs bigint NOT NULL CHECK (tasks_of_inputs >= 0),
    PRIMARY KEY (annotation_request_id, item_key, pool_type, status)
) WITH (fillfactor = 80);

-- The revision that item_group_totals has the sums of. A server of the version before changes the revision alone: the sums
-- by group are not read then, but added up from the tasks, until they are repaired.
ALTER TABLE annotation_requests ADD COLUMN summed_revision bigint NOT NULL DEFAULT 0;
