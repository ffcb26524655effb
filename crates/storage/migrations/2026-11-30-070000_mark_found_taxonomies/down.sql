ALTER TABLE request_items DROP COLUMN is_found;
