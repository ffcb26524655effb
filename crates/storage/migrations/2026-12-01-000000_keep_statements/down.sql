DROP TABLE statement_keys;
DROP TABLE statement_chunks;
DROP TABLE statements;
