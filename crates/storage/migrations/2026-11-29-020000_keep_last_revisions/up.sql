-- The last revision of each request that was deleted, so that one that is known again goes on from there, whatever the
-- clock says. A row stays when its request is known again: the next deletion overwrites it.
CREATE TABLE deleted_annotation_requests (
    annotation_request_id text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL
);
