//! `annotation-statistics migrate`

use crate::cli::terminal::{remark, tell};
use crate::{Failure, Home, Settings};
use annotation_statistics_storage::{MigrationError, check_server};

pub(crate) fn migrate(settings: &Settings) -> Result<(), Failure> {
    let home = Home::share(&settings.database)?;
    let (session, patience) = (settings.migration_session(home.url()), settings.migration_patience());
    check_server(&session).map_err(MigrationError::from)?.map_err(MigrationError::from)?;
    let names = annotation_statistics_storage::migrate(&session, patience, &mut |told| remark(told))?;
    match names.as_slice() {
        [] => tell("the schema is up to date"),
        names => tell(format_args!("migrated: {}", names.join(", "))),
    }
    Ok(home.stop()?)
}
