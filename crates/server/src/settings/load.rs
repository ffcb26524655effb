//! All settings, loaded from the defaults, the files and the environment.

use super::api::ApiSection;
use super::auth::AuthSettings;
use super::cache::CacheSettings;
use super::database::{DatabaseSettings, WriteSettings};
use super::error::SettingsError;
use super::export::ExportSettings;
use super::import::ImportSettings;
use super::layers::{Layers, SettingsFiles};
use super::observability::{AdminSettings, LogSettings, TelemetrySettings};
use super::origin::SettingOrigin;
use super::page::PageSection;
use super::reconciliation::ReconciliationSection;
use super::server::ServerSettings;
use super::statements::StatementsSection;
use super::tls::TlsSettings;
use annotation_statistics_api::{AllowedHosts, ApiSettings, BasePath};
use serde::Deserialize;
use std::collections::BTreeMap;

/// All settings; each key is explained in `config/default.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config/default.toml explains the keys, and is the only place that does")]
pub struct Settings {
    pub server: ServerSettings,
    pub tls: TlsSettings,
    pub admin: AdminSettings,
    pub api: ApiSection,
    pub cache: CacheSettings,
    pub page: PageSection,
    pub auth: AuthSettings,
    pub database: DatabaseSettings,
    pub writes: WriteSettings,
    pub export: ExportSettings,
    pub reconciliation: ReconciliationSection,
    pub statements: StatementsSection,
    pub import: ImportSettings,
    pub log: LogSettings,
    pub telemetry: TelemetrySettings,
    #[serde(skip)]
    given: BTreeMap<String, SettingOrigin>,
}

impl Settings {
    /// Reads the defaults, the files and the environment; later sources override earlier ones.
    ///
    /// # Errors
    /// When a named file is missing, a key is unknown or a value is invalid. Values that may be secret are not quoted.
    pub fn load(files: &SettingsFiles) -> Result<Self, SettingsError> {
        let layers = Layers::read(files)?;
        let read = || -> Result<Self, SettingsError> {
            let settings: Self = layers.config()?.try_deserialize()?;
            settings.check()?;
            Ok(settings)
        };
        let settings = read().map_err(|error| error.with_given(|key| layers.given(key)))?;
        Ok(Self { given: layers.into_given(), ..settings })
    }

    /// What each setting is and where that is from, by key, whether it can be used or not.
    ///
    /// # Errors
    /// When a named file is missing, a source cannot be parsed, or a key is unknown.
    pub(crate) fn origins(files: &SettingsFiles) -> Result<BTreeMap<String, SettingOrigin>, SettingsError> {
        Ok(Layers::read(files)?.into_given())
    }

    /// What was given for the setting with this key.
    pub(crate) fn given(&self, key: &str) -> Option<&SettingOrigin> {
        self.given.get(key)
    }

    fn check(&self) -> Result<(), SettingsError> {
        let endpoint = &self.telemetry.otlp_endpoint;
        if !endpoint.is_empty() && !endpoint.starts_with("http://") {
            let why =
                "it starts with http://, without encryption: let a collector beside this program pass it on".into();
            return Err(SettingsError::Unusable { key: "telemetry.otlp_endpoint", why });
        }
        self.tls.files()?;
        self.writes.check()?;
        self.api_settings().map(drop)
    }

    /// What the API needs of them.
    ///
    /// # Errors
    /// When the base path or a host is invalid, a page may have too many rows, or a request with the largest body does not
    /// fit the memory of all bodies.
    pub fn api_settings(&self) -> Result<ApiSettings, SettingsError> {
        let api = &self.api;
        let base_path = BasePath::new(&api.base_path)
            .map_err(|error| SettingsError::Unusable { key: "api.base_path", why: error.to_string() })?;
        let allowed_hosts = AllowedHosts::new(self.server.allowed_hosts.texts().iter().map(String::as_str))
            .map_err(|error| SettingsError::Unusable { key: "server.allowed_hosts", why: error.to_string() })?;
        api.check_rows_of_a_page()?;
        api.check_memory_of_bodies()?;
        Ok(ApiSettings {
            base_path,
            proxies: self.server.proxies()?,
            allowed_hosts,
            sign_in: self.auth.sign_in(&self.server)?,
            page: self.page.settings()?,
            reconciliation: self.reconciliation.settings(),
            statements: self.statements.settings(),
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
            max_statement_exports: self.export.max_statements,
            max_answer: api.max_answer,
            max_cached: self.cache.max_bytes,
            min_compressed: api.min_compressed,
        })
    }
}
