//! The program: command line, settings, log lines, and the composition of the other crates.
//!
//! The binary is a few lines around this library, so that tests start exactly what it starts.

mod cli;
mod connection;
mod input;
mod service;
mod settings;
mod telemetry;

pub use cli::command_line::{Command, CommandLine, CountArguments, ImportArguments, VerifyArguments, run};
pub use cli::demo::delivery::{DEMO_REQUEST, demo_delivery};
pub use cli::export::ExportCommandArguments;
pub use cli::failure::Failure;
pub use cli::keys::arguments::{AddKeyArguments, KeysCommand, RevokeKeyArguments, ScopeName};
pub use cli::terminal::remark;
pub use connection::tls::TlsError;
pub use input::arguments::ExportArguments;
pub use service::application::{Application, ApplicationError};
pub use service::database_source::Home;
pub use settings::api::ApiSection;
pub use settings::auth::AuthSettings;
pub use settings::export::ExportSettings;
pub use settings::import::ImportSettings;
pub use settings::operation::{AdminSettings, LogFormat, LogSettings, TelemetrySettings};
pub use settings::server::{ProxyHeader, ServerSettings};
pub use settings::tls::{DatabaseTlsMode, TlsSettings};
pub use settings::values::{Secret, TextList, Time};
pub use settings::{DatabaseSettings, Settings, SettingsError, SettingsFiles, WriteSettings};
pub use telemetry::metrics::Metrics;
