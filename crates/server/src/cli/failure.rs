//! Why a command failed, and its exit code.

use crate::input::InvalidArguments;
use crate::service::ApplicationError;
use crate::settings::SettingsError;
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
    /// A signal ended the work.
    #[error(
        "stopped by a signal; import again: what is recorded already stays as it is, and nothing is recorded by halves"
    )]
    Stopped,
    /// A signal ended an export.
    #[error("stopped by a signal; what was exported is not complete, and a file is not kept")]
    ExportStopped,
}

impl From<InvalidArguments> for Failure {
    fn from(invalid: InvalidArguments) -> Self {
        Self::CommandLine(invalid.0)
    }
}

impl Failure {
    /// 1: the input was refused, or a sum is wrong; 2: the command line or the settings are invalid; 3: the database or the
    /// service failed; 4: whether the input is recorded is unknown; 130: a signal ended the work.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Input(_) | Self::Drift(_) | Self::NotRepaired(_) => 1,
            Self::CommandLine(_)
            | Self::Settings(_)
            | Self::Application(ApplicationError::Settings(_) | ApplicationError::Tls(_)) => 2,
            Self::OutcomeUnknown(_) => 4,
            Self::Stopped | Self::ExportStopped => 130,
            Self::Application(_)
            | Self::Cluster(_)
            | Self::Migration(_)
            | Self::Distribution(_)
            | Self::Unavailable(_) => 3,
        })
    }
}
