//! The program: command line, settings, log lines, and the composition of the other crates.
//!
//! The binary is a few lines around this library, so that tests start exactly what it starts.

mod access;
mod admin;
mod answer_pieces;
mod application;
mod auth_settings;
mod command_line;
mod connection;
mod count;
mod count_summary;
mod database_metrics;
mod debounced_lines;
mod demo;
mod demo_delivery;
mod diagnostic_budget;
mod draining;
mod export_arguments;
mod export_command;
mod export_file;
mod export_settings;
mod export_tasks;
mod failure;
mod health;
mod home;
mod import;
mod import_input;
mod import_outcome;
mod import_progress;
mod input_fault;
mod key_arguments;
mod key_list;
mod keys;
mod listeners;
mod master_key_file;
mod metered_recorder;
mod metrics;
mod migrate;
mod observers;
mod open_files;
mod operation_settings;
mod process_metrics;
mod public;
mod schema;
mod serve;
mod setting_values;
mod settings;
mod span_json;
mod stop_signal;
mod task_source;
mod telemetry;
mod terminal;
mod timed_stream;
mod tls;
mod tls_settings;
mod trace_export;
mod verify;

pub use application::{Application, ApplicationError};
pub use auth_settings::AuthSettings;
pub use command_line::{Command, CommandLine, CountArguments, ImportArguments, VerifyArguments, run};
pub use demo_delivery::{DEMO_REQUEST, demo_delivery};
pub use export_arguments::ExportArguments;
pub use export_command::ExportCommandArguments;
pub use export_settings::ExportSettings;
pub use failure::Failure;
pub use home::Home;
pub use key_arguments::{AddKeyArguments, KeysCommand, ScopeName};
pub use metrics::Metrics;
pub use operation_settings::{AdminSettings, LogFormat, LogSettings, TelemetrySettings};
pub use setting_values::{Secret, Time};
pub use settings::{
    ApiSection, DatabaseSettings, ImportSettings, ServerSettings, Settings, SettingsError, SettingsFiles, WriteSettings,
};
pub use terminal::remark;
pub use tls::TlsError;
pub use tls_settings::{DatabaseTlsMode, TlsSettings};
