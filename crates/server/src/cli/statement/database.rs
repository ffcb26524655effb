//! The statements in the database of a command.

use crate::cli::failure::Failure;
use crate::service::{ApplicationError, DatabaseSource, NewCluster};
use crate::settings::Settings;
use annotation_statistics_domain::{ErrorChain, StatementError};
use annotation_statistics_storage::{Database, PostgresStatementRepository};

/// Does something with the statements of the database, which is always the primary: a replica may not have the latest.
pub(super) async fn with_statements<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&DatabaseSource, PostgresStatementRepository) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let database_source = DatabaseSource::share(settings, NewCluster::Refused)?;
    let done = match open(settings, &database_source) {
        Ok(statements) => work(&database_source, statements).await,
        Err(error) => Err(error),
    };
    let stopped = database_source.stop();
    let done = done?;
    stopped?;
    Ok(done)
}

/// One connection that reads and one that makes, as the second is in a transaction meanwhile.
pub(crate) fn open(
    settings: &Settings,
    database_source: &DatabaseSource,
) -> Result<PostgresStatementRepository, Failure> {
    let database = || Database::new(settings.statement_connections(database_source.url()), settings.import_limits());
    let [kept, made] = [database(), database()].map(|database| database.map_err(ApplicationError::from));
    Ok(PostgresStatementRepository::new(kept?, made?))
}

/// Why something could not be done with statements, with the next step.
pub(crate) fn failure(error: &StatementError) -> Failure {
    match error {
        StatementError::UnknownAnnotationRequest(_) | StatementError::Format(_) => {
            Failure::Input(ErrorChain(error).to_string())
        }
        StatementError::UnknownStatement { .. } => {
            Failure::Input(format!("{error}; `annotation-statistics statement list` lists those that it has"))
        }
        StatementError::UnknownKey(_) => {
            Failure::Input(format!("{error}; `annotation-statistics statement keys` lists those that are"))
        }
        StatementError::KeyRetired(_) => Failure::Input(format!(
            "{error}: make another one with `annotation-statistics statement keygen`, and name it in \
             statements.signing_key_file"
        )),
        StatementError::Unavailable(_) | StatementError::Corrupt { .. } => {
            Failure::Unavailable(ErrorChain(error).to_string())
        }
        StatementError::OutcomeUnknown(_) => Failure::StatementUnknown(ErrorChain(error).to_string()),
    }
}
