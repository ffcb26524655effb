//! `annotation-statistics migrate`

use crate::terminal::tell;
use crate::{Failure, Home, Settings};

pub(crate) fn migrate(settings: &Settings) -> Result<(), Failure> {
    let home = Home::share(&settings.database)?;
    let names = annotation_statistics_storage::migrate(&settings.migration_session(home.url()))?;
    match names.as_slice() {
        [] => tell("the schema is up to date"),
        names => tell(format_args!("migrated: {}", names.join(", "))),
    }
    Ok(home.stop()?)
}
