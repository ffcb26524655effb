-- The positions of a request at which there is no task any more: a task that is removed leaves its position empty, and
-- those behind it stay where they are.
CREATE TABLE removed_positions (
    annotation_request_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL CHECK (position >= 0),
    PRIMARY KEY (annotation_request_id, position)
);

ALTER TABLE annotation_requests
    -- How many rows of it there are in removed_positions: the positions that were given are exactly 0 to
    -- task_count + removed_count - 1.
    ADD COLUMN removed_count bigint NOT NULL DEFAULT 0 CHECK (removed_count >= 0),
    -- Where the next task is recorded; null without removed positions, as it is task_count then.
    ADD COLUMN next_position bigint,
    -- Changes whenever one of its positions becomes empty or one of its tasks moves to another position. What a reader
    -- knows of its removed positions is true as long as it has the same one.
    ADD COLUMN layout bigint NOT NULL DEFAULT 0,
    -- Says the same twice on purpose: a server of the version before changes task_count alone, which is refused where
    -- it would give a position twice.
    ADD CONSTRAINT annotation_requests_next_position_check CHECK (
        next_position IS NOT DISTINCT FROM CASE WHEN removed_count > 0 THEN task_count + removed_count END
    );
