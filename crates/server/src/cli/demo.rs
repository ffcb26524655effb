//! `annotation-statistics demo`

pub(crate) mod delivery;

use crate::ApplicationError;
use crate::Failure;
use crate::Home;
use crate::Settings;
use crate::cli::terminal::tell;
use crate::demo_delivery;
use crate::service::schema;
use annotation_statistics_domain::{Precondition, RecordError, Recorded, StatisticsRecorder};
use annotation_statistics_storage::{Database, PostgresStatisticsRecorder, PostgresStatisticsRepository};

pub(crate) async fn fill(settings: &Settings) -> Result<(), Failure> {
    let home = Home::share(&settings.database)?;
    schema::prepare(settings, home.url(), settings.migration_patience())?;
    let Some(recorded) = fill_if_empty(settings, &home).await? else {
        let why = "the database has annotation requests already: the demo only fills an empty one";
        return Err(Failure::Input(why.into()));
    };
    tell(format_args!("recorded {} tasks of 12 annotation requests", recorded.inserted));
    Ok(home.stop()?)
}

/// Records the demo delivery; `None` where there is something already.
pub(crate) async fn fill_if_empty(settings: &Settings, home: &Home) -> Result<Option<Recorded>, Failure> {
    let database =
        Database::new(settings.import_session(home.url()), settings.import_limits()).map_err(ApplicationError::from)?;
    let some_request = PostgresStatisticsRepository::new(database.clone()).first_request().await;
    if some_request.map_err(|fault| Failure::Unavailable(crate::cli::import::refusal::chain(&fault)))?.is_some() {
        return Ok(None);
    }
    let recorder = PostgresStatisticsRecorder::new(database);
    let done = recorder.record(Box::new(demo_delivery().map(Ok)), Precondition::None).await;
    done.map(Some).map_err(|fault: RecordError| Failure::Unavailable(crate::cli::import::refusal::chain(&fault)))
}
