//! Settings and limits that no test meets by being slow.

use annotation_statistics_storage::{
    BatchLimits, ConnectionSettings, DatabaseLimits, DatabaseTls, LimitNames, MigrationError, MigrationPatience,
    TableScans, migrate,
};
use std::time::Duration;

/// Settings with limits that no test meets by being slow. Opening is bounded tightly: it is what a cut-off costs.
pub fn roomy_settings(url: String) -> ConnectionSettings {
    ConnectionSettings {
        url,
        tls: DatabaseTls::AsUrl,
        application_name: "annotation-statistics-tests".into(),
        table_scans: TableScans::Avoided,
        connect_timeout: Duration::from_secs(2),
        reconnect_interval: Duration::from_millis(100),
        reconnect_max_interval: Duration::from_millis(300),
        statement_timeout: Duration::from_secs(60),
        lock_timeout: Duration::from_secs(60),
        idle_in_transaction_timeout: Duration::from_secs(60),
        tcp_user_timeout: Duration::from_secs(60),
        keepalive_interval: Duration::from_secs(60),
        overdue_after: Duration::from_secs(60),
        silent_host_pause: Duration::from_secs(60),
    }
}

/// Migrates, and waits for as long as a test may take.
///
/// # Errors
/// Those of the migration.
pub fn migrated(settings: &ConnectionSettings) -> Result<Vec<String>, MigrationError> {
    let patience = MigrationPatience { pause: Duration::from_millis(50), total: Duration::from_secs(60) };
    migrate(settings, patience, &mut drop)
}

/// Limits that no test meets by being slow, and sessions for ten at the same time.
pub fn roomy_limits() -> DatabaseLimits {
    DatabaseLimits {
        pool_size: 10,
        queue_per_session: 100,
        queue_wait: Duration::from_secs(60),
        start_timeout: Duration::from_secs(60),
        locks_share_start: false,
        deadline: Duration::from_secs(120),
        batch: BatchLimits { reads: 16, rows: 256, wait: Duration::from_millis(5) },
        names: LimitNames {
            pool_size: "database.pool_size",
            queue_wait: "database.queue_wait",
            start_timeout: "writes.start_timeout",
            deadline: "database.deadline",
        },
    }
}
