//! The connection pools, shared fairly between clients.

use super::database_source::DatabaseSource;
use crate::settings::Settings;
use annotation_statistics_api::current_caller;
use annotation_statistics_storage::{Callers, Database, DatabaseLimits, LimitNames};
use std::io;
use std::num::NonZeroU32;

impl Settings {
    /// For reads from the database at `url`.
    pub(super) fn open_reads(&self, url: String) -> io::Result<Database> {
        Database::shared(
            self.read_connections(url),
            self.read_limits(),
            callers(self.database.max_per_key, "database.max_per_key"),
        )
    }

    /// For writes over HTTP.
    pub(super) fn open_writes(&self, url: String) -> io::Result<Database> {
        Database::shared(
            self.write_connections(url),
            self.write_limits(),
            callers(self.writes.max_per_key, "writes.max_per_key"),
        )
    }

    /// For exports over HTTP.
    pub(super) fn open_exports(&self, url: String) -> io::Result<Database> {
        Database::shared(
            self.export_connections(url),
            self.export_limits(),
            callers(self.export.max_per_key, "export.max_per_key"),
        )
    }

    /// For reads and exports of what the replica does not have. There are few connections: they are queued for, without
    /// shares.
    pub(super) fn open_primary(&self, database_source: &DatabaseSource) -> io::Result<(Database, Database)> {
        let limits = self.primary_read_limits();
        let reads = Database::shared(self.read_connections(database_source.url()), limits, unshared())?;
        let exports = self.export_limits();
        let names = LimitNames { pool_size: limits.names.pool_size, ..exports.names };
        let limits = DatabaseLimits { pool_size: limits.pool_size, names, ..exports };
        Ok((reads, Database::shared(self.export_connections(database_source.url()), limits, unshared())?))
    }

    /// For the nonces of changes, which take no time: a queue without shares is enough.
    pub(super) fn open_nonces(&self, url: String) -> io::Result<Database> {
        Database::shared(self.key_connections(url), self.nonce_limits(), unshared())
    }
}

/// The clients, each with a share of the connections.
fn callers(max_per_key: u32, setting: &'static str) -> Callers {
    Callers::new(|| current_caller().into(), NonZeroU32::new(max_per_key), setting)
}

/// The same without shares.
fn unshared() -> Callers {
    callers(0, "")
}
