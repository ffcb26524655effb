//! What can be set, and where from.

pub(crate) mod api;
pub(crate) mod auth;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod operation;
pub(crate) mod server;
pub(crate) mod tls;
pub(crate) mod values;

use crate::settings::export::ExportSettings;
use crate::settings::import::ImportSettings;
use crate::settings::operation::{AdminSettings, LogSettings, TelemetrySettings};
use crate::settings::server::ServerSettings;
use crate::settings::tls::{DatabaseTlsMode, TlsSettings};
use crate::{ApiSection, AuthSettings, Secret, Time};
use annotation_statistics_api::{AllowedHosts, ApiSettings, BasePath};
use annotation_statistics_storage::{DatabaseLimits, LimitNames, MigrationPatience, SessionSettings};
use config::{Config, Environment, File, FileFormat};
use serde::Deserialize;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

const DEFAULTS: &str = include_str!("../../../config/default.toml");
const ENVIRONMENT_PREFIX: &str = "ANNOTATION_STATISTICS";

/// All settings; each key is explained in `config/default.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct Settings {
    pub server: ServerSettings,
    pub tls: TlsSettings,
    pub admin: AdminSettings,
    pub api: ApiSection,
    pub auth: AuthSettings,
    pub database: DatabaseSettings,
    pub writes: WriteSettings,
    pub export: ExportSettings,
    pub import: ImportSettings,
    pub log: LogSettings,
    pub telemetry: TelemetrySettings,
}

/// `[database]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct DatabaseSettings {
    pub url: Secret,
    pub read_url: Secret,
    pub embedded: bool,
    pub tls: DatabaseTlsMode,
    pub tls_authorities_file: PathBuf,
    pub embedded_dir: PathBuf,
    pub embedded_start_timeout: Time,
    pub embedded_stop_timeout: Time,
    pub pool_size: NonZeroU32,
    pub primary_sessions: NonZeroU32,
    pub queue_per_session: u32,
    pub max_per_key: u32,
    pub queue_wait: Time,
    pub deadline: Time,
    pub connect_timeout: Time,
    pub reconnect_interval: Time,
    pub reconnect_max_interval: Time,
    pub statement_timeout: Time,
    pub lock_timeout: Time,
    pub idle_in_transaction_timeout: Time,
    pub tcp_user_timeout: Time,
    pub keepalive_interval: Time,
    pub overdue_after: Time,
    pub migrate: bool,
    pub migration_timeout: Time,
    pub migration_lock_timeout: Time,
    pub migration_retry_interval: Time,
    pub retry_interval: Time,
}

/// `[writes]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct WriteSettings {
    pub pool_size: NonZeroU32,
    pub queue_per_session: u32,
    pub max_per_key: u32,
    pub queue_wait: Time,
    pub start_timeout: Time,
    pub deadline: Time,
    pub statement_timeout: Time,
    pub lock_timeout: Time,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file or a variable does not read; the message names the key and where it is from.
    #[error("the settings cannot be read: {0}")]
    Unreadable(#[from] config::ConfigError),
    /// A value has the right form and cannot be used all the same.
    #[error("the setting {key} cannot be used: {why}")]
    Unusable {
        /// The key.
        key: &'static str,
        /// The reason, and what to do.
        why: String,
    },
}

/// Which files are read, besides the defaults.
#[derive(Debug, Clone, Default)]
pub struct SettingsFiles {
    /// `config/NAME.toml` under the current folder.
    pub environment_name: Option<String>,
    /// Any file.
    pub file: Option<PathBuf>,
}

impl Settings {
    /// Reads, later over earlier: the defaults, the files, the environment.
    ///
    /// # Errors
    /// When a named file is missing, a key is unknown or a value cannot be used. Values are not quoted where they may
    /// be secret.
    pub fn load(files: &SettingsFiles) -> Result<Self, SettingsError> {
        let mut sources = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(name) = &files.environment_name {
            let file = Path::new("config").join(name).with_extension("toml");
            sources = sources.add_source(File::from(file).format(FileFormat::Toml));
        }
        if let Some(file) = &files.file {
            sources = sources.add_source(File::from(file.as_path()).format(FileFormat::Toml));
        }
        let environment = Environment::with_prefix(ENVIRONMENT_PREFIX).prefix_separator("__").separator("__");
        let settings: Self = sources.add_source(environment).build()?.try_deserialize()?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        let endpoint = &self.telemetry.otlp_endpoint;
        if !endpoint.is_empty() && !endpoint.starts_with("http://") {
            let why =
                "it starts with http://, without encryption: let a collector beside this program pass it on".into();
            return Err(SettingsError::Unusable { key: "telemetry.otlp_endpoint", why });
        }
        self.tls.files()?;
        self.api_settings().map(drop)
    }

    /// What the interface needs of them.
    ///
    /// # Errors
    /// When the base path or a host cannot be one, or a request with the largest body would not fit the memory
    /// of all.
    pub fn api_settings(&self) -> Result<ApiSettings, SettingsError> {
        let api = &self.api;
        let base_path = BasePath::new(&api.base_path)
            .map_err(|fault| SettingsError::Unusable { key: "api.base_path", why: fault.to_string() })?;
        let allowed_hosts = AllowedHosts::new(self.server.allowed_hosts.texts().iter().map(String::as_str))
            .map_err(|fault| SettingsError::Unusable { key: "server.allowed_hosts", why: fault.to_string() })?;
        api.check_memory_of_bodies()?;
        Ok(ApiSettings {
            base_path,
            proxies: self.server.proxies()?,
            allowed_hosts,
            max_ids: api.max_ids,
            max_query_ids: api.max_query_ids,
            max_limit: api.max_limit,
            max_batch: api.max_batch,
            max_items: api.max_items,
            max_body: api.max_body,
            max_bodies: api.max_bodies,
            max_bodies_per_key: api.max_bodies_per_key,
            body_timeout: self.server.body_timeout.get(),
            body_grace: self.server.body_grace.get(),
            body_min_rate: self.server.body_min_rate,
            reader_timeout: self.export.reader_timeout.get(),
            reader_grace: self.export.reader_grace.get(),
            reader_min_rate: self.export.reader_min_rate,
            max_answer: api.max_answer,
            min_compressed: api.min_compressed,
        })
    }

    /// The most bytes of a page that are loaded: more than its JSON can have, as the database sends blanks between.
    pub fn max_page_bytes(&self) -> usize {
        self.api.max_answer.saturating_add(self.api.max_answer / 2)
    }

    /// The sessions that read from the database at `url`.
    pub fn read_sessions(&self, url: String) -> SessionSettings {
        let database = &self.database;
        SessionSettings {
            url,
            tls: database.session_tls(),
            application_name: "annotation-statistics".into(),
            connect_timeout: database.connect_timeout.get(),
            reconnect_interval: database.reconnect_interval.get(),
            reconnect_max_interval: database.reconnect_max_interval.get(),
            statement_timeout: database.statement_timeout.get(),
            lock_timeout: database.lock_timeout.get(),
            idle_in_transaction_timeout: database.idle_in_transaction_timeout.get(),
            tcp_user_timeout: database.tcp_user_timeout.get(),
            keepalive_interval: database.keepalive_interval.get(),
            overdue_after: database.overdue_after.get(),
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
            deadline: database.deadline.get(),
            names: LimitNames {
                pool_size: "database.pool_size",
                queue_wait: "database.queue_wait",
                start_timeout: "database.deadline",
                deadline: "database.deadline",
            },
        }
    }

    /// The session that migrates the database at `url`.
    pub fn migration_session(&self, url: String) -> SessionSettings {
        SessionSettings {
            application_name: "annotation-statistics migrate".into(),
            statement_timeout: self.database.migration_timeout.get(),
            lock_timeout: self.database.migration_lock_timeout.get(),
            ..self.read_sessions(url)
        }
    }

    /// How long it waits for locks of others.
    pub fn migration_patience(&self) -> MigrationPatience {
        let database = &self.database;
        MigrationPatience { pause: database.migration_retry_interval.get(), total: database.migration_timeout.get() }
    }

    /// The sessions of writes over HTTP to the database at `url`.
    pub fn write_sessions(&self, url: String) -> SessionSettings {
        SessionSettings {
            application_name: "annotation-statistics writes".into(),
            statement_timeout: self.writes.statement_timeout.get(),
            lock_timeout: self.writes.lock_timeout.get(),
            ..self.read_sessions(url)
        }
    }

    /// How much may be written over HTTP at the same time.
    pub fn write_limits(&self) -> DatabaseLimits {
        DatabaseLimits {
            pool_size: self.writes.pool_size.get(),
            queue_per_session: self.writes.queue_per_session,
            queue_wait: self.writes.queue_wait.get(),
            start_timeout: self.writes.start_timeout.get(),
            deadline: self.writes.deadline.get(),
            names: LimitNames {
                pool_size: "writes.pool_size",
                queue_wait: "writes.queue_wait",
                start_timeout: "writes.start_timeout",
                deadline: "writes.deadline",
            },
        }
    }
}
