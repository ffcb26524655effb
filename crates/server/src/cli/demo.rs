//! `annotation-statistics demo`

mod delivery;

pub use delivery::{DEMO_REQUEST, demo_delivery};

use super::failure::Failure;
use crate::service::{ApplicationError, DatabaseSource, NewCluster, prepare_schema};
use crate::settings::Settings;
use crate::terminal::print;
use annotation_statistics_domain::{ErrorChain, Precondition, RecordError, Recorded, StatisticsRecorder};
use annotation_statistics_storage::{Database, PostgresStatisticsRecorder, PostgresStatisticsRepository};

pub(super) async fn fill(settings: &Settings) -> Result<(), Failure> {
    let database_source = DatabaseSource::share(settings, NewCluster::Made)?;
    prepare_schema(settings, database_source.url(), settings.migration_patience())?;
    let Some(recorded) = fill_if_empty(settings, &database_source).await? else {
        let why = "the database has annotation requests already: the demo only fills an empty one";
        return Err(Failure::Input(why.into()));
    };
    print(format_args!("recorded {} tasks of 12 annotation requests", recorded.inserted));
    Ok(database_source.stop()?)
}

/// Records the demo delivery; `None` where the database is not empty.
pub(super) async fn fill_if_empty(
    settings: &Settings,
    database_source: &DatabaseSource,
) -> Result<Option<Recorded>, Failure> {
    let database = Database::new(settings.import_connection(database_source.url()), settings.import_limits())
        .map_err(ApplicationError::from)?;
    let some_request = PostgresStatisticsRepository::new(database.clone()).first_request().await;
    if some_request.map_err(|error| Failure::Unavailable(ErrorChain(&error).to_string()))?.is_some() {
        return Ok(None);
    }
    let recorder = PostgresStatisticsRecorder::new(database);
    let done = recorder.record(Box::new(demo_delivery().map(Ok)), Precondition::None).await;
    done.map(Some).map_err(|error: RecordError| Failure::Unavailable(ErrorChain(&error).to_string()))
}
