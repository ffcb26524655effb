CREATE OR REPLACE FUNCTION instance_info_total(instance_info jsonb) RETURNS numeric
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
