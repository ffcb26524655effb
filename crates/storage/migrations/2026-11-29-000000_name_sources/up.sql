-- What a task was made of: the name of an image, a video, an item or a file. Null where nobody said it.
ALTER TABLE statistics
    ADD COLUMN source_name text COLLATE "C" CHECK (octet_length(source_name) BETWEEN 1 AND 1024);

-- Finds tasks by their source names, in their order: where it did not have the order, a planner that looks for the first
-- tasks would rather walk the positions of the whole request. Tasks without a name are not in it, and cost nothing.
CREATE INDEX statistics_source_name ON statistics (annotation_request_id, source_name, position)
WHERE source_name IS NOT NULL;

-- What the operation items of a request make, where somebody stated it. Apart from the sums, which are worked out from the
-- tasks: a statement cannot be.
CREATE TABLE operation_items (
    annotation_request_id text COLLATE "C" NOT NULL,
    item_key text COLLATE "C" NOT NULL CHECK (octet_length(item_key) BETWEEN 1 AND 1024),
    kind text NOT NULL CHECK (kind IN ('slot', 'input')),
    PRIMARY KEY (annotation_request_id, item_key)
);

-- A key has up to 1,024 bytes here as everywhere else.
ALTER TABLE operation_item_totals
    DROP CONSTRAINT operation_item_totals_item_key_check,
    ADD CONSTRAINT operation_item_totals_item_key_check CHECK (octet_length(item_key) BETWEEN 1 AND 1024);
