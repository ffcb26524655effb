-- Whether the taxonomy was not stated, and is what imported annotation files list: of all items of a request, or of none. What
-- servers of the version before write is stated.
ALTER TABLE request_items ADD COLUMN is_found boolean NOT NULL DEFAULT false;
