//! The Postgres adapter of the annotation statistics ports.
//!
//! [`PostgresStatisticsRepository`], [`PostgresSummaryRepository`] and [`PostgresStatisticsExporter`] read,
//! [`PostgresStatisticsRecorder`] records, [`PostgresAnnotationRequestRegistry`] keeps the annotation requests,
//! [`PostgresTaxonomyRepository`] what was agreed on for them, [`PostgresAnnotationRequestFinder`] finds them,
//! [`PostgresStatementRepository`] keeps their statements,
//! [`PostgresKeys`] and [`PostgresNonces`] authenticate; [`migrate`] brings a database to the schema of this version. The
//! adapters borrow their connections from a [`Database`], a connection pool that bounds every wait.

mod access_keys;
mod connection;
mod finding;
mod maintenance;
mod pool;
mod reading;
mod recording;
mod registry;
mod statements;

pub use access_keys::{
    ClockSkew, InvalidMasterKey, KeyRecord, KeyRegistryError, KeysLimits, MasterKey, MasterKeySource, NewKey,
    PostgresKeyRegistry, PostgresKeys, PostgresNonces, random_secret,
};
pub use connection::{Congestion, ConnectionSettings, DatabaseError, DatabaseTls, TableScans};
pub use finding::{
    CAMPAIGN_PROGRESS_SQL, CHANGED_REQUESTS_OF_CAMPAIGN_SQL, CHANGED_REQUESTS_SQL, LAST_WALKED_OF_CAMPAIGN_SQL,
    LAST_WALKED_SQL, LISTED_REQUESTS_SQL, NEXT_CAMPAIGN_SQL, PostgresAnnotationRequestFinder, TASK_PLACES_BY_ID_SQL,
    TASK_PLACES_BY_NAME_SQL,
};
pub use maintenance::{
    Distribution, DistributionError, Drift, Finding, MigrationError, MigrationPatience, TABLES_OF_REQUESTS,
    UnsupportedServer, Verified, check_schema, check_server, distribute, migrate, repair, verify,
};
pub use pool::{BatchLimits, Caller, Callers, Database, DatabaseLimits, DatabaseStatus, LimitNames};
pub use reading::{
    CELL_TOTALS_OF_ONE_SQL, CELL_TOTALS_SQL, EXPORT_ROWS_BY_TASK_ID_SQL, EXPORT_ROWS_SQL, GROUP_TOTALS_OF_ONE_SQL,
    GROUP_TOTALS_SQL, ITEM_TOTALS_OF_ONE_SQL, ITEM_TOTALS_SQL, NAMED_TASKS_SQL, PAGE_BATCH_SQL, PAGE_OF_ONE_SQL,
    PostgresStatisticsExporter, PostgresStatisticsRepository, PostgresSummaryRepository, REMOVED_POSITIONS_SQL,
    REQUEST_COUNTER_SQL, REQUEST_COUNTERS_SQL, ReplicaLag, STATED_ITEMS_OF_ONE_SQL, STATED_ITEMS_SQL,
    TASK_ROWS_OF_ONE_SQL, TASK_ROWS_SQL, UNSUMMED_SQL, WHITELISTED_ITEMS_OF_ONE_SQL, WHITELISTED_ITEMS_SQL,
};
pub use recording::{CommitGate, PostgresStatisticsRecorder};
pub use registry::{
    CONFORMANCE_SQL, PACK_SQL, PackingFailures, PackingLimits, PostgresAnnotationRequestRegistry,
    PostgresTaxonomyRepository, TAXONOMY_SOURCE_SQL, TAXONOMY_SQL,
};
pub use statements::{
    FRAME_OF_TASK_SQL, FRAMES_SQL, LAST_STATEMENT_SQL, PostgresStatementRepository, STATEMENT_SQL, STATEMENTS_SQL,
};
