ALTER TABLE access_keys DROP COLUMN id_prefix;
