//! `annotation-statistics migrate`

use super::failure::Failure;
use crate::service::DatabaseSource;
use crate::settings::Settings;
use crate::terminal::{print, remark};
use annotation_statistics_storage::{MigrationError, check_server};

pub(super) fn migrate(settings: &Settings) -> Result<(), Failure> {
    let home = DatabaseSource::share(&settings.database)?;
    let (session, patience) = (settings.migration_session(home.url()), settings.migration_patience());
    check_server(&session).map_err(MigrationError::from)?.map_err(MigrationError::from)?;
    let names = annotation_statistics_storage::migrate(&session, patience, &mut |told| remark(told))?;
    match names.as_slice() {
        [] => print("the schema is up to date"),
        names => print(format_args!("migrated: {}", names.join(", "))),
    }
    Ok(home.stop()?)
}
