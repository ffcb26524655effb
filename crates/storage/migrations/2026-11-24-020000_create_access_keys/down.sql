DROP TABLE access_key_nonces;
DROP TABLE access_keys;
