ALTER TABLE operation_item_totals
    DROP CONSTRAINT operation_item_totals_item_key_check,
    ADD CONSTRAINT operation_item_totals_item_key_check CHECK (octet_length(item_key) BETWEEN 1 AND 255) NOT VALID;

DROP TABLE operation_items;

ALTER TABLE statistics DROP COLUMN source_name;
