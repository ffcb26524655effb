//! What a later version adds to tables that are distributed.

use annotation_statistics_tests::{TestDatabase, migrated};

/// Two migrations as if they were of a later version: one adds an index, the other one a table.
const AS_BEFORE: &str = "\
DROP INDEX IF EXISTS annotation_requests_recent; DROP TABLE deleted_annotation_requests; \
DELETE FROM __diesel_schema_migrations WHERE version IN ('20261124060000', '20261129020000')";

const IS_CLUSTER: &str = "SELECT to_regclass('pg_dist_partition') IS NOT NULL";

const DISTRIBUTED: &str = "SELECT count(*) FROM pg_dist_partition WHERE logicalrelid IN \
('annotation_requests'::regclass, 'deleted_annotation_requests'::regclass) GROUP BY colocationid";

#[test]
fn a_later_migration_runs_on_distributed_tables_and_its_table_is_placed_beside_them() {
    let database = TestDatabase::new();
    for statement in AS_BEFORE.split("; ") {
        database.execute(statement);
    }
    let versions = migrated(&database.session_settings()).unwrap();
    assert_eq!(versions, ["20261124060000", "20261129020000"]);
    if database.query(IS_CLUSTER) == ["true"] {
        assert_eq!(database.query(DISTRIBUTED), ["2"]);
    }
}
