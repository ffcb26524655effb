-- Who may ask. Neither table belongs to an annotation request: both stay whole where the others are sharded, and no
-- statement joins them to one.

CREATE TABLE access_keys (
    id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9._-]{1,64}$'),
    -- Encrypted, and bound to the id: a nonce of 24 bytes, then XChaCha20-Poly1305 with its tag of 16.
    secret bytea NOT NULL CHECK (octet_length(secret) BETWEEN 56 AND 295),
    -- The secret before a rotation, and until when it is one.
    previous_secret bytea CHECK (octet_length(previous_secret) BETWEEN 56 AND 295),
    previous_expires_at timestamptz CHECK (isfinite(previous_expires_at)),
    may_read boolean NOT NULL,
    may_write boolean NOT NULL,
    -- All campaigns where it is null.
    campaigns text[] CHECK (cardinality(campaigns) >= 1),
    accepts_v1 boolean NOT NULL,
    expires_at timestamptz CHECK (isfinite(expires_at)),
    revoked_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT access_keys_previous_check CHECK ((previous_secret IS NULL) = (previous_expires_at IS NULL)),
    CONSTRAINT access_keys_scopes_check CHECK (may_read OR may_write)
);

-- Signatures that were used, for as long as they would be accepted again.
CREATE TABLE access_key_nonces (
    key_id text COLLATE "C" NOT NULL,
    nonce text COLLATE "C" NOT NULL CHECK (octet_length(nonce) BETWEEN 16 AND 64),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (key_id, nonce)
);

-- To find what need not be remembered any more.
CREATE INDEX access_key_nonces_expires_at ON access_key_nonces (expires_at);
