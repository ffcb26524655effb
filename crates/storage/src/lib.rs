//! The Postgres adapter of the annotation statistics ports.
//!
//! [`PostgresStatisticsRepository`] answers, [`PostgresStatisticsRecorder`] records, [`PostgresAnnotationRequestRegistry`]
//! keeps the requests, [`migrate`] brings a database to the schema of this version. The adapters borrow their sessions from a [`Database`], which bounds every wait.

mod access_keys;
mod connection;
mod maintenance;
mod pool;
mod reading;
mod recording;
mod registry;
pub use access_keys::key_registry::{KeyRegistryError, PostgresKeyRegistry, random_secret};
pub use access_keys::keys::{KeysLimits, MasterKeySource, PostgresKeys};
pub use access_keys::nonces::PostgresNonces;
pub use access_keys::record::{KeyRecord, NewKey};
pub use access_keys::sealed_secret::{MasterKey, NoMasterKey};
pub use connection::conninfo::DatabaseTls;
pub use connection::error::SessionError;
pub use connection::server_check::{UnfitServer, check_server};
pub use connection::session::SessionSettings;
pub use maintenance::clock_skew::ClockSkew;
pub use maintenance::migrations::{MigrationError, MigrationPatience, check_schema, migrate};
pub use maintenance::repair::repair;
pub use maintenance::replica_lag::ReplicaLag;
pub use maintenance::verification::{Drift, Finding, Verified, verify};
pub use pool::callers::{Caller, Callers};
pub use pool::congestion::Congestion;
pub use pool::database::Database;
pub use pool::limits::{DatabaseLimits, LimitNames};
pub use pool::status::DatabaseStatus;
pub use reading::export_cursor::EXPORT_ROWS_SQL;
pub use reading::recent_requests::RECENT_REQUESTS_SQL;
pub use reading::request_counters::{REQUEST_COUNTER_SQL, REQUEST_COUNTERS_SQL};
pub use reading::statistics_exporter::PostgresStatisticsExporter;
pub use reading::statistics_repository::PostgresStatisticsRepository;
pub use reading::summary_repository::PostgresSummaryRepository;
pub use reading::summary_rows::{GROUP_TOTALS_SQL, ITEM_TOTALS_SQL};
pub use reading::task_rows::{NAMED_TASKS_SQL, TASK_ROWS_OF_ONE_SQL, TASK_ROWS_SQL};
pub use recording::commit_gate::CommitGate;
pub use recording::statistics_recorder::PostgresStatisticsRecorder;
pub use registry::annotation_request_registry::PostgresAnnotationRequestRegistry;
