//! Settings: one file for each section of `config/default.toml`, and what the other crates need of them.

mod api;
mod auth;
mod cache;
mod connections;
mod data_folder;
mod database;
mod error;
mod export;
mod import;
mod layers;
mod load;
mod observability;
mod origin;
mod page;
mod reconciliation;
mod server;
mod tls;
mod values;

pub use api::ApiSection;
pub use auth::AuthSettings;
pub use cache::CacheSettings;
pub(crate) use data_folder::data_folder;
pub use database::{DatabaseSettings, DatabaseTlsMode, WriteSettings};
pub use error::SettingsError;
pub use export::ExportSettings;
pub use import::ImportSettings;
pub use layers::SettingsFiles;
pub use load::Settings;
pub use observability::{AdminSettings, LogFormat, LogSettings, TelemetrySettings};
pub use origin::{Origin, SettingOrigin};
pub use page::PageSection;
pub use reconciliation::ReconciliationSection;
pub use server::{ProxyHeader, ServerSettings};
pub use tls::TlsSettings;
pub use values::{Secret, TextList, Time};
