//! The default settings, read from the one file that has them, for tests and for the `OpenAPI` document.

use crate::{
    AllowedHosts, ApiSettings, BasePath, PageSettings, ProxyUsers, ReconciliationSettings, SignInSettings,
    StatementSettings, TrustedProxies,
};
use config::{Config, ConfigError, File, FileFormat};
use jiff::SignedDuration;
use std::num::NonZeroU32;
use std::time::Duration;

/// The server compiles the same file in.
const DEFAULTS: &str = include_str!("../../../../config/default.toml");

impl ApiSettings {
    /// The settings of `config/default.toml`.
    ///
    /// # Errors
    /// When the file lacks one of them.
    pub fn from_default_file() -> Result<Self, ConfigError> {
        let file = Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml)).build()?;
        Ok(Self {
            base_path: BasePath::default(),
            proxies: TrustedProxies::default(),
            allowed_hosts: AllowedHosts::default(),
            sign_in: sign_in(&file)?,
            page: PageSettings::default(),
            reconciliation: ReconciliationSettings {
                max_body: file.get("reconciliation.max_body")?,
                max_lines: file.get("reconciliation.max_lines")?,
                max_concurrent: file.get("reconciliation.max_concurrent")?,
            },
            statements: StatementSettings {
                max_concurrent: file.get("statements.max_concurrent")?,
                deadline: duration(&file, "statements.deadline")?,
            },
            max_ids: file.get("api.max_ids")?,
            max_limit: file.get("api.max_limit")?,
            max_query_ids: file.get("api.max_query_ids")?,
            max_batch: file.get("api.max_batch")?,
            max_items: file.get("api.max_items")?,
            max_body: file.get("api.max_body")?,
            max_bodies: file.get("api.max_bodies")?,
            max_bodies_per_key: file.get("api.max_bodies_per_key")?,
            body_timeout: duration(&file, "server.body_timeout")?,
            body_grace: duration(&file, "server.body_grace")?,
            body_min_rate: file.get("server.body_min_rate")?,
            reader_timeout: duration(&file, "export.reader_timeout")?,
            reader_grace: duration(&file, "export.reader_grace")?,
            reader_min_rate: file.get("export.reader_min_rate")?,
            max_statement_exports: file.get("export.max_statements")?,
            max_answer: file.get("api.max_answer")?,
            max_cached: file.get("cache.max_bytes")?,
            min_compressed: file.get("api.min_compressed")?,
        })
    }
}

fn sign_in(file: &Config) -> Result<SignInSettings, ConfigError> {
    Ok(SignInSettings {
        session_time: duration(file, "auth.session_time")?,
        share_time: duration(file, "auth.share_time")?,
        public_url: None,
        per_key: NonZeroU32::new(file.get("auth.sign_ins_per_key")?),
        per_address: NonZeroU32::new(file.get("auth.sign_ins_per_address")?),
        users: ProxyUsers::default(),
    })
}

fn duration(file: &Config, key: &str) -> Result<Duration, ConfigError> {
    let duration: SignedDuration =
        file.get_string(key)?.parse().map_err(|error| ConfigError::Foreign(Box::new(error)))?;
    Ok(duration.unsigned_abs())
}
