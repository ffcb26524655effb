//! The Postgres adapter of the annotation statistics ports.
//!
//! [`PostgresStatisticsRepository`] answers, [`PostgresStatisticsRecorder`] records, [`PostgresAnnotationRequestRegistry`]
//! keeps the requests, [`migrate`] brings a database to the schema of this version. The adapters borrow their sessions from a [`Database`], which bounds every wait.

mod access_key_rows;
mod annotation_request_registry;
mod conninfo;
mod database;
mod database_status;
mod export_cursor;
mod key_record;
mod key_registry;
mod key_watch;
mod keys;
mod merge;
mod merge_conflicts;
mod merge_kinds;
mod merge_names;
mod merge_totals;
mod migrations;
mod nonces;
mod operation_items;
mod prepared_statement;
mod recent_requests;
mod recent_work;
mod reconnection;
mod recording;
mod registry_statements;
mod repair;
mod request_counters;
mod sealed_secret;
mod session;
mod session_error;
mod session_threads;
mod session_wait;
mod stage;
mod statistics_exporter;
mod statistics_recorder;
mod statistics_repository;
mod summary_repository;
mod summary_rows;
mod task_rows;
mod transaction;
mod verification;

pub use annotation_request_registry::PostgresAnnotationRequestRegistry;
pub use conninfo::DatabaseTls;
pub use database::{Database, DatabaseLimits};
pub use database_status::DatabaseStatus;
pub use export_cursor::EXPORT_ROWS_SQL;
pub use key_record::{KeyRecord, NewKey};
pub use key_registry::{KeyRegistryError, PostgresKeyRegistry, random_secret};
pub use keys::{KeysLimits, MasterKeySource, PostgresKeys};
pub use migrations::{MigrationError, check_schema, migrate};
pub use nonces::PostgresNonces;
pub use recent_requests::RECENT_REQUESTS_SQL;
pub use repair::repair_sums;
pub use request_counters::{REQUEST_COUNTER_SQL, REQUEST_COUNTERS_SQL};
pub use sealed_secret::{MasterKey, NoMasterKey};
pub use session::SessionSettings;
pub use session_error::SessionError;
pub use statistics_exporter::PostgresStatisticsExporter;
pub use statistics_recorder::PostgresStatisticsRecorder;
pub use statistics_repository::PostgresStatisticsRepository;
pub use summary_repository::PostgresSummaryRepository;
pub use summary_rows::{GROUP_TOTALS_SQL, ITEM_TOTALS_SQL};
pub use task_rows::{NAMED_TASKS_SQL, TASK_ROWS_OF_ONE_SQL, TASK_ROWS_SQL};
pub use verification::{Drift, Finding, Verified, verify};
