-- Every key starts with the annotation request, so that both tables can be sharded by it. There is no foreign key:
-- it would fire a trigger for every task, and only one transaction writes either table, always both.

-- Adds up the counts of the operation items; fails where one is no whole number, and is -1, which no sum is, where one
-- is negative. Not a SQL-language function: those cannot be sharded.
CREATE FUNCTION instance_info_total(instance_info jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    total numeric := 0;
    item bigint;
BEGIN
    -- Through JSON text, so that a null or a number in quotes is no number.
    FOR item IN SELECT value::text::bigint FROM jsonb_each(instance_info) LOOP
        IF item < 0 THEN
            RETURN -1;
        END IF;
        total := total + item;
    END LOOP;
    RETURN total;
END
$$;

CREATE TABLE annotation_requests (
    id text COLLATE "C" PRIMARY KEY CHECK (octet_length(id) BETWEEN 1 AND 255),
    campaign_id text NOT NULL CHECK (octet_length(campaign_id) BETWEEN 1 AND 255),
    -- The positions of the request's tasks are exactly 0 to task_count - 1.
    task_count bigint NOT NULL CHECK (task_count >= 0),
    -- Grows with every change of the request; starts at the time of creation in microseconds, so that a request that
    -- was deleted and comes again never has a revision that it had before.
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
) WITH (fillfactor = 80);

CREATE TABLE statistics (
    annotation_request_id text COLLATE "C" NOT NULL,
    task_id bigint NOT NULL,
    position bigint NOT NULL CHECK (position >= 0),
    status integer NOT NULL,
    pool_type smallint NOT NULL CHECK (pool_type BETWEEN 0 AND 5),
    pool_name text NOT NULL CHECK (octet_length(pool_name) BETWEEN 1 AND 255),
    instance_info jsonb NOT NULL CHECK (jsonb_typeof(instance_info) = 'object'),
    instance_num bigint NOT NULL CHECK (instance_num >= 0),
    attribute_num bigint NOT NULL CHECK (attribute_num >= 0),
    frame_num bigint NOT NULL CHECK (frame_num >= 0),
    PRIMARY KEY (annotation_request_id, task_id),
    UNIQUE (annotation_request_id, position),
    CONSTRAINT statistics_counts_agree
        CHECK (instance_info_total(instance_info) = instance_num::numeric + attribute_num::numeric)
) WITH (fillfactor = 90);
