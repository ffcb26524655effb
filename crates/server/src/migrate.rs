//! `annotation-statistics migrate`

use crate::{Failure, Home, Settings};

pub(crate) fn migrate(settings: &Settings) -> Result<(), Failure> {
    let home = Home::share(&settings.database)?;
    let names = annotation_statistics_storage::migrate(&settings.migration_session(home.url()))?;
    match names.as_slice() {
        [] => println!("the schema is up to date"),
        names => println!("migrated: {}", names.join(", ")),
    }
    Ok(home.stop()?)
}
