-- What was agreed on for a request: its operation items, by which names, and how many of them a task has. Written as a
-- whole, like a document; what tasks have may differ.
CREATE TABLE request_items (
    annotation_request_id text COLLATE "C" NOT NULL,
    item_key text COLLATE "C" NOT NULL CHECK (octet_length(item_key) BETWEEN 1 AND 1024),
    -- Its place in the taxonomy: each item comes after its parent.
    place integer NOT NULL CHECK (place >= 0),
    -- The key of the item that it belongs to; null at the top.
    parent text COLLATE "C" CHECK (octet_length(parent) BETWEEN 1 AND 1024),
    label text COLLATE "C" NOT NULL CHECK (octet_length(label) BETWEEN 1 AND 255),
    export_label text COLLATE "C" CHECK (octet_length(export_label) BETWEEN 1 AND 255),
    kind text NOT NULL CHECK (kind IN ('slot', 'input', 'slotChildren')),
    type text NOT NULL CHECK (octet_length(type) BETWEEN 1 AND 64),
    required boolean NOT NULL,
    min_quantity bigint CHECK (min_quantity >= 0),
    max_quantity bigint CHECK (max_quantity >= 0),
    -- Whether it is ordered: what is not may be drawn all the same.
    whitelisted boolean NOT NULL,
    PRIMARY KEY (annotation_request_id, item_key),
    CONSTRAINT request_items_quantity_check CHECK (min_quantity <= max_quantity)
);
