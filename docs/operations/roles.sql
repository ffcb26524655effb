-- Two roles: one owns the tables and migrates, the other serves and can change nothing but rows.
-- Run it as an administrator, connected to the database of the service, before the first migration; then give both a
-- password with \password.

-- Roles belong to the cluster: where another of its databases has them, as before a restore beside it, they are there.
DO $$
DECLARE
    missing text;
BEGIN
    FOREACH missing IN ARRAY ARRAY['statistics_owner', 'statistics_service'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = missing) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', missing);
        END IF;
    END LOOP;
END
$$;

-- No other role creates anything here.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO statistics_owner;
GRANT USAGE ON SCHEMA public TO statistics_service;

-- Whatever the owner creates, now and later, the service may fill.
ALTER DEFAULT PRIVILEGES FOR ROLE statistics_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO statistics_service;
ALTER DEFAULT PRIVILEGES FOR ROLE statistics_owner IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO statistics_service;

-- Imports copy rows into a temporary staging table.
DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO statistics_service', current_database()); END $$;
