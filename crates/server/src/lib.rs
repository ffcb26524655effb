//! The program: command line, settings, log lines, and the composition of the other crates.
//!
//! The binary is a few lines around this library, so that tests start exactly what it starts.

mod allocator;
mod cli;
mod connection;
mod input;
mod service;
mod settings;
mod telemetry;
mod terminal;
mod version;

pub use cli::{
    AddKeyArguments, Command, CommandLine, ConfigCommand, CountArguments, CreateArguments, DEMO_REQUEST, DiffArguments,
    ExportArguments, Failure, FetchArguments, ImportArguments, KeygenArguments, KeysCommand, ListArguments,
    ReconcileArguments, RetireArguments, RevokeKeyArguments, ScopeName, ShareArguments, ShowArguments,
    StatementCommand, StatementListArguments, VerifyArguments, VerifyStatementArguments, demo_delivery,
    invalid_command_line, run,
};
pub use connection::TlsError;
pub use input::AnnotationFileArguments;
pub use service::{Application, ApplicationError, DatabaseSource};
pub use settings::{
    AdminSettings, ApiSection, AuthSettings, CacheSettings, DatabaseSettings, DatabaseTlsMode, ExportSettings,
    ImportSettings, LogFormat, LogSettings, Origin, PageSection, ProxyHeader, ReconciliationSection, Secret,
    ServerSettings, SettingOrigin, Settings, SettingsError, SettingsFiles, StatementsSection, TelemetrySettings,
    TextList, Time, TlsSettings, WriteSettings,
};
pub use telemetry::Metrics;
pub use terminal::remark;
