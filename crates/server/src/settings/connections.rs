//! The connections of each kind of work, and how much of it may run at the same time.

use super::load::Settings;
use annotation_statistics_storage::{
    BatchLimits, ConnectionSettings, DatabaseLimits, LimitNames, MigrationPatience, TableScans,
};

impl Settings {
    /// The most bytes of a page that are loaded: more than its JSON can have, as the database adds blanks.
    pub fn max_page_bytes(&self) -> usize {
        self.api.max_answer.saturating_add(self.api.max_answer / 2)
    }

    /// Connections that read from the database at `url`: few rows by key.
    pub fn read_connections(&self, url: String) -> ConnectionSettings {
        ConnectionSettings { table_scans: TableScans::Avoided, ..self.connections(url) }
    }

    fn connections(&self, url: String) -> ConnectionSettings {
        let database = &self.database;
        ConnectionSettings {
            url,
            tls: database.connection_tls(),
            application_name: "annotation-statistics".into(),
            table_scans: TableScans::Allowed,
            connect_timeout: database.connect_timeout.get(),
            reconnect_interval: database.reconnect_interval.get(),
            reconnect_max_interval: database.reconnect_max_interval.get(),
            statement_timeout: database.statement_timeout.get(),
            lock_timeout: database.lock_timeout.get(),
            idle_in_transaction_timeout: database.idle_in_transaction_timeout.get(),
            tcp_user_timeout: database.tcp_user_timeout.get(),
            keepalive_interval: database.keepalive_interval.get(),
            overdue_after: database.overdue_after.get(),
            silent_host_pause: database.silent_host_pause.get(),
        }
    }

    /// How much may be read at the same time, and for how long.
    pub fn read_limits(&self) -> DatabaseLimits {
        let database = &self.database;
        DatabaseLimits {
            pool_size: database.pool_size.get(),
            queue_per_session: database.queue_per_session,
            queue_wait: database.queue_wait.get(),
            start_timeout: database.deadline.get(),
            locks_share_start: false,
            deadline: database.deadline.get(),
            batch: BatchLimits {
                reads: database.batch_reads.get(),
                rows: database.batch_rows,
                wait: database.batch_wait.get(),
            },
            names: LimitNames {
                pool_size: "database.pool_size",
                queue_wait: "database.queue_wait",
                start_timeout: "database.deadline",
                deadline: "database.deadline",
            },
        }
    }

    /// The connection that migrates the database at `url`.
    pub fn migration_connection(&self, url: String) -> ConnectionSettings {
        ConnectionSettings {
            application_name: "annotation-statistics migrate".into(),
            statement_timeout: self.database.migration_timeout.get(),
            lock_timeout: self.database.migration_lock_timeout.get(),
            ..self.connections(url)
        }
    }

    /// How long a migration waits for locks of other connections.
    pub fn migration_patience(&self) -> MigrationPatience {
        let database = &self.database;
        MigrationPatience { pause: database.migration_retry_interval.get(), total: database.migration_timeout.get() }
    }

    /// Connections of writes over HTTP to the database at `url`.
    pub fn write_connections(&self, url: String) -> ConnectionSettings {
        ConnectionSettings {
            application_name: "annotation-statistics writes".into(),
            statement_timeout: self.writes.statement_timeout.get(),
            lock_timeout: self.writes.start_timeout.get(),
            // Few rows by key; the merge of many allows them itself.
            table_scans: TableScans::Avoided,
            ..self.connections(url)
        }
    }

    /// How much may be written over HTTP at the same time.
    pub fn write_limits(&self) -> DatabaseLimits {
        DatabaseLimits {
            pool_size: self.writes.pool_size.get(),
            queue_per_session: self.writes.queue_per_session,
            queue_wait: self.writes.queue_wait.get(),
            start_timeout: self.writes.start_timeout.get(),
            locks_share_start: true,
            deadline: self.writes.deadline.get(),
            batch: BatchLimits::NONE,
            names: LimitNames {
                pool_size: "writes.pool_size",
                queue_wait: "writes.queue_wait",
                start_timeout: "writes.start_timeout",
                deadline: "writes.deadline",
            },
        }
    }

    /// How many reads may run at the same time on the primary, of what the replica does not have, and for how long.
    pub fn primary_read_limits(&self) -> DatabaseLimits {
        let reads = self.read_limits();
        let names = LimitNames { pool_size: "database.primary_sessions", ..reads.names };
        DatabaseLimits { pool_size: self.database.primary_sessions.get(), names, ..reads }
    }

    /// Connections that export from the database at `url`: they are idle in a transaction while a client reads slowly.
    pub fn export_connections(&self, url: String) -> ConnectionSettings {
        ConnectionSettings {
            application_name: "annotation-statistics export".into(),
            statement_timeout: self.export.statement_timeout.get(),
            idle_in_transaction_timeout: self.export.deadline.get(),
            // Rows in their order, without sorting a whole table first.
            table_scans: TableScans::Avoided,
            ..self.connections(url)
        }
    }

    /// How much may be exported at the same time.
    pub fn export_limits(&self) -> DatabaseLimits {
        DatabaseLimits {
            pool_size: self.export.pool_size.get(),
            queue_per_session: self.export.queue_per_session,
            queue_wait: self.export.queue_wait.get(),
            deadline: self.export.deadline.get(),
            start_timeout: self.export.queue_wait.get() + self.database.deadline.get(),
            locks_share_start: false,
            batch: BatchLimits::NONE,
            names: LimitNames {
                pool_size: "export.pool_size",
                queue_wait: "export.queue_wait",
                start_timeout: "export.queue_wait and database.deadline",
                deadline: "export.deadline",
            },
        }
    }

    /// The connection that records files in the database at `url`.
    pub fn import_connection(&self, url: String) -> ConnectionSettings {
        ConnectionSettings {
            application_name: "annotation-statistics import".into(),
            connect_timeout: self.import.start_timeout.get(),
            statement_timeout: self.import.deadline.get(),
            lock_timeout: self.import.lock_timeout.get(),
            idle_in_transaction_timeout: self.import.deadline.get(),
            ..self.connections(url)
        }
    }

    /// The connection that counts everything in the database at `url`, for as long as an import may take.
    pub fn verification_connection(&self, url: String) -> ConnectionSettings {
        ConnectionSettings { application_name: "annotation-statistics verify".into(), ..self.import_connection(url) }
    }

    /// Connections that make and read statements in the database at `url`, for as long as an import may take.
    pub fn statement_connections(&self, url: String) -> ConnectionSettings {
        ConnectionSettings {
            application_name: "annotation-statistics statement".into(),
            // Rows in their order, without sorting a whole table first.
            table_scans: TableScans::Avoided,
            ..self.import_connection(url)
        }
    }

    /// One file at a time, for as long as a file may take.
    pub fn import_limits(&self) -> DatabaseLimits {
        let start_timeout = self.import.start_timeout.get();
        DatabaseLimits {
            pool_size: 1,
            queue_per_session: 0,
            queue_wait: start_timeout,
            start_timeout,
            locks_share_start: false,
            deadline: self.import.deadline.get(),
            batch: BatchLimits::NONE,
            names: LimitNames {
                // There is one connection, for one file at a time: only a longer wait helps.
                pool_size: "import.start_timeout",
                queue_wait: "import.start_timeout",
                start_timeout: "import.start_timeout",
                deadline: "import.deadline",
            },
        }
    }

    /// Connections that read the access keys in the database at `url`.
    pub fn key_connections(&self, url: String) -> ConnectionSettings {
        ConnectionSettings { application_name: "annotation-statistics keys".into(), ..self.connections(url) }
    }

    /// The connection of a command that changes or lists the keys in the database at `url`. It waits as an import does: a
    /// key is revoked also while one of several hosts is silent.
    pub fn key_command_connection(&self, url: String) -> ConnectionSettings {
        ConnectionSettings { connect_timeout: self.import.start_timeout.get(), ..self.key_connections(url) }
    }

    /// How many nonces may be remembered at the same time.
    pub fn nonce_limits(&self) -> DatabaseLimits {
        // A nonce takes no longer than a read.
        let reads = self.read_limits();
        let names = LimitNames { pool_size: "auth.nonce_sessions", ..reads.names };
        DatabaseLimits { pool_size: self.auth.nonce_sessions.get(), names, ..reads }
    }
}
