-- How the ids start of the annotation requests that a key may make known; anyhow where it is null.
ALTER TABLE access_keys ADD COLUMN id_prefix text COLLATE "C" CHECK (octet_length(id_prefix) BETWEEN 1 AND 255);
