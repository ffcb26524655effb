//! Why a command failed, and its exit code.

use crate::input::InvalidArguments;
use crate::service::ApplicationError;
use crate::settings::{Settings, SettingsError};
use crate::terminal::remark;
use annotation_statistics_storage::{DistributionError, MigrationError};
use std::process::ExitCode;

/// Why a command failed. Its text has the next step.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The settings are invalid.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The service failed.
    #[error(transparent)]
    Application(#[from] ApplicationError),
    /// The private database failed.
    #[error(transparent)]
    Cluster(#[from] embedded_postgres::Error),
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The tables could not be distributed over the nodes of a cluster.
    #[error(transparent)]
    Distribution(#[from] DistributionError),
    /// The command line is invalid.
    #[error("{0}; see --help")]
    CommandLine(String),
    /// The input was refused; nothing of it was recorded.
    #[error("{0}")]
    Input(String),
    /// The database cannot be reached.
    #[error("{0}")]
    Unavailable(String),
    /// The connection to the database was lost, or a signal came, while a file was being committed.
    #[error("{0}; import it again, which changes nothing where it is")]
    OutcomeUnknown(String),
    /// Stored sums differ from those that are counted.
    #[error("{0} differences between what is kept and what is counted; verify --repair repairs them from the tasks")]
    Drift(u64),
    /// The same after a repair.
    #[error(
        "{0} differences are left, which cannot be repaired from the tasks: OPERATIONS.md says what to do (Verifying)"
    )]
    NotRepaired(u64),
    /// A sheet differs from what is recorded.
    #[error("{0}")]
    Differs(String),
    /// The sheet was refused, or what it is compared with cannot be read.
    #[error("{0}")]
    NotCompared(String),
    /// The files of a statement are not as they were signed, or of another one.
    #[error("{0}")]
    Untrue(String),
    /// A file of a statement cannot be read.
    #[error("{0}")]
    NotVerified(String),
    /// The connection to the database was lost while a statement was being made.
    #[error("{0}; make it again, which makes nothing where it is there")]
    StatementUnknown(String),
    /// A signal ended the work.
    #[error(
        "stopped by a signal; import again: what is recorded already stays as it is, and nothing is recorded by halves"
    )]
    Stopped,
    /// A signal ended an export.
    #[error("stopped by a signal; what was exported is not complete, and a file is not kept")]
    ExportStopped,
    /// A signal ended a comparison.
    #[error("stopped by a signal; the sheet was not compared, and a file is not kept")]
    ComparisonStopped,
    /// A signal ended work on a statement.
    #[error("stopped by a signal; {0}")]
    StatementStopped(&'static str),
}

impl From<InvalidArguments> for Failure {
    fn from(invalid: InvalidArguments) -> Self {
        Self::CommandLine(invalid.0)
    }
}

impl Failure {
    /// Adds what was given for the setting that it is about, if any.
    pub(super) fn with_given(self, settings: &Settings) -> Self {
        if let Self::Settings(error) | Self::Application(ApplicationError::Settings(error)) = self {
            Self::Settings(error.with_given(|key| settings.given(key)))
        } else {
            self
        }
    }

    /// What failed, in a word, for scripts.
    fn kind(&self) -> &'static str {
        match self {
            Self::Input(_) | Self::NotCompared(_) | Self::NotVerified(_) => "input",
            Self::Differs(_) => "differs",
            Self::Untrue(_) => "untrue",
            Self::Drift(_) | Self::NotRepaired(_) => "drift",
            Self::CommandLine(_) => "commandLine",
            Self::Settings(_) | Self::Application(ApplicationError::Settings(_) | ApplicationError::Tls(_)) => {
                "settings"
            }
            Self::OutcomeUnknown(_) | Self::StatementUnknown(_) => "outcomeUnknown",
            Self::Stopped | Self::ExportStopped | Self::ComparisonStopped | Self::StatementStopped(_) => "stopped",
            Self::Cluster(_)
            | Self::Migration(_)
            | Self::Distribution(_)
            | Self::Unavailable(_)
            | Self::Application(
                ApplicationError::Cluster(_)
                | ApplicationError::Migration(_)
                | ApplicationError::Bind { .. }
                | ApplicationError::Server(_),
            ) => "unavailable",
        }
    }

    /// A line of JSON for scripts: the kind of the failure, its text and its exit code.
    pub fn to_json(&self) -> String {
        error_json(self.kind(), &self.to_string(), self.exit_number())
    }

    /// The code that the program ends with.
    pub fn exit_code(&self) -> ExitCode {
        self.exit_number().into()
    }

    /// 1: the input was refused, a sum is wrong, a sheet differs, or a statement is not as it was signed; 2: the command line
    /// or the settings are invalid; 3: the database or the service failed, or what was to be compared or verified cannot be
    /// read; 4: whether the input is recorded, or the statement made, is unknown; 130: a signal ended the work.
    fn exit_number(&self) -> u8 {
        match self {
            Self::Input(_) | Self::Drift(_) | Self::NotRepaired(_) | Self::Differs(_) | Self::Untrue(_) => 1,
            Self::CommandLine(_)
            | Self::Settings(_)
            | Self::Application(ApplicationError::Settings(_) | ApplicationError::Tls(_)) => 2,
            Self::OutcomeUnknown(_) | Self::StatementUnknown(_) => 4,
            Self::Stopped | Self::ExportStopped | Self::ComparisonStopped | Self::StatementStopped(_) => 130,
            Self::Application(_)
            | Self::Cluster(_)
            | Self::Migration(_)
            | Self::Distribution(_)
            | Self::NotCompared(_)
            | Self::NotVerified(_)
            | Self::Unavailable(_) => 3,
        }
    }
}

/// Reports a command line that cannot be understood, or prints help, or the version.
pub fn invalid_command_line(error: &clap::Error) -> ExitCode {
    let code = u8::try_from(error.exit_code()).unwrap_or(2);
    if error.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
        remark(error_json("commandLine", error.to_string().trim_end(), code));
    } else {
        // It fails only where no reader is left.
        let _ = error.print();
    }
    code.into()
}

fn error_json(kind: &str, message: &str, exit_code: u8) -> String {
    serde_json::json!({ "error": { "kind": kind, "message": message, "exitCode": exit_code } }).to_string()
}
