//! `annotation-statistics statement create`

use super::arguments::CreateArguments;
use super::database::{failure, with_statements};
use super::names;
use super::observed_format::ObservedFormat;
use super::report::{Report, document_of, head_json_with};
use super::signing::signing_format;
use crate::cli::failure::Failure;
use crate::cli::stop_signals::StopSignals;
use crate::service::{ApplicationError, prepare_schema};
use crate::settings::Settings;
use crate::terminal::print;
use annotation_statistics_domain::{
    CampaignScope, CreatedStatement, NewStatement, StatementFormat, StatementRepository,
};
use annotation_statistics_storage::PostgresStatementRepository;
use std::pin::pin;
use std::sync::Arc;

/// Who makes the statements of this command.
const ACTOR: &str = "command line";

pub(super) async fn create(settings: &Settings, arguments: &CreateArguments) -> Result<(), Failure> {
    let new = NewStatement {
        annotation_request_id: names::request(&arguments.annotation_request_id)?,
        name: names::statement(&arguments.name)?,
        actor: ACTOR.to_owned(),
    };
    let format = signing_format(settings)?;
    // Handled from here on, so that a private database is never left running.
    let mut signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let created = with_statements(settings, async |database_source, statements| {
        prepare_schema(settings, database_source.url(), settings.migration_patience())?;
        make(&statements, new, format, &mut signals).await
    })
    .await?;
    if arguments.json {
        print(head_json_with(&created.statement.head, "isNew", created.is_new));
        return Ok(());
    }
    let outcome = if created.is_new { "was made" } else { "was there already, and is as it was" };
    let document = &document_of(&created.statement)?;
    print(Report { document, sha256: created.statement.head.sha256, outcome });
    Ok(())
}

/// A signal ends it with the next task; a second one does not wait for that.
async fn make(
    statements: &PostgresStatementRepository,
    new: NewStatement,
    format: Arc<dyn StatementFormat>,
    signals: &mut StopSignals,
) -> Result<CreatedStatement, Failure> {
    let format = ObservedFormat::new(format);
    let mut making = pin!(statements.create(new, &CampaignScope::All, Arc::new(format.clone())));
    let made = tokio::select! {
        made = &mut making => Some(made),
        () = signals.next() => {
            format.stop();
            // It may be in its last step, and made.
            tokio::select! {
                made = &mut making => made.ok().map(Ok),
                () = signals.next() => None,
            }
        }
    };
    format.finish();
    let Some(made) = made else { return Err(Failure::StatementStopped("no statement was made")) };
    made.map_err(|error| failure(&error))
}
