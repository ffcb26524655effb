//! `annotation-statistics migrate`

use super::failure::Failure;
use crate::service::{DatabaseSource, NewCluster};
use crate::settings::Settings;
use crate::terminal::{print, remark};
use annotation_statistics_storage::{MigrationError, check_server, distribute};

pub(super) fn migrate(settings: &Settings, is_distributed: bool, create: bool) -> Result<(), Failure> {
    let database_source = DatabaseSource::share(settings, NewCluster::by_option(create))?;
    let (connection, patience) = (settings.migration_connection(database_source.url()), settings.migration_patience());
    check_server(&connection).map_err(MigrationError::from)?.map_err(MigrationError::from)?;
    let names = annotation_statistics_storage::migrate(&connection, patience, &mut |notice| remark(notice))?;
    match names.as_slice() {
        [] => print("the schema is up to date"),
        names => print(format_args!("migrated: {}", names.join(", "))),
    }
    if is_distributed {
        print(distribute(&connection)?);
    }
    Ok(database_source.stop()?)
}
