-- What was delivered of a request, as the bytes that were signed: added, and never changed or removed.
CREATE TABLE statements (
    annotation_request_id text COLLATE "C" NOT NULL,
    -- From 1, without gaps.
    number bigint NOT NULL CHECK (number >= 1),
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$'),
    campaign_id text NOT NULL CHECK (octet_length(campaign_id) BETWEEN 1 AND 255),
    counting_rule text CHECK (octet_length(counting_rule) BETWEEN 1 AND 64),
    revision bigint NOT NULL,
    task_count bigint NOT NULL CHECK (task_count >= 0),
    rows_sha256 bytea NOT NULL CHECK (octet_length(rows_sha256) = 32),
    rows_bytes bigint NOT NULL CHECK (rows_bytes >= 0),
    -- The document, its digest and its signature.
    body bytea NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    key_id text NOT NULL CHECK (key_id ~ '^[0-9a-f]{16}$'),
    actor text NOT NULL CHECK (octet_length(actor) BETWEEN 1 AND 255),
    created_at timestamptz NOT NULL CHECK (isfinite(created_at)),
    PRIMARY KEY (annotation_request_id, number),
    UNIQUE (annotation_request_id, name)
);

-- Its rows in ascending order of the ids of their tasks, 256 to a frame of Zstandard.
CREATE TABLE statement_chunks (
    annotation_request_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    chunk bigint NOT NULL CHECK (chunk >= 0),
    first_task_id bigint NOT NULL,
    zstd bytea NOT NULL,
    PRIMARY KEY (annotation_request_id, number, chunk)
);

-- To begin behind a task.
CREATE INDEX statement_chunks_first_task_id ON statement_chunks (annotation_request_id, number, first_task_id);

-- It is compressed already.
ALTER TABLE statement_chunks ALTER COLUMN zstd SET STORAGE EXTERNAL;

-- The public keys that statements are or were signed with. It belongs to no request, and no statement joins it to one.
CREATE TABLE statement_keys (
    key_id text COLLATE "C" PRIMARY KEY CHECK (key_id ~ '^[0-9a-f]{16}$'),
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    created_at timestamptz NOT NULL CHECK (isfinite(created_at)),
    retired_at timestamptz CHECK (isfinite(retired_at))
);

-- Not even the owner changes what was signed, unless it grants itself the right again; nor does a role to which it grants
-- rights on all of its tables by default.
DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT c.oid::regclass AS name, pg_get_userbyid(a.grantee) AS role
        FROM pg_class AS c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS a
        WHERE c.oid IN ('statements'::regclass, 'statement_chunks'::regclass) AND a.grantee <> 0
        GROUP BY 1, 2
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM %I', granted.name, granted.role);
    END LOOP;
END
$$;
