//! The database has the schema of this version before anything else is done with it.

use crate::settings::Settings;
use annotation_statistics_storage::{MigrationError, MigrationPatience, check_schema, check_server, migrate};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Migrates the database at `url`, or only looks whether somebody else has (`database.migrate`).
///
/// # Errors
/// When nothing would come right with the server, or the database has another schema than that of this version afterwards.
pub(crate) fn prepare_schema(
    settings: &Settings,
    url: String,
    patience: MigrationPatience,
) -> Result<(), MigrationError> {
    let session = settings.migration_session(url);
    check_server(&session)??;
    if !settings.database.migrate {
        return check_schema(&session);
    }
    let names = migrate(&session, patience, &mut |told| tracing::warn!("{told}"))?;
    if names.is_empty() {
        tracing::debug!("the schema is up to date");
    } else {
        tracing::info!(migrations = names.join(", "), "the schema was migrated");
    }
    Ok(())
}

/// Prepares the database now where it answers and may be, else in the background until it is done.
///
/// # Errors
/// When a migration fails.
pub(super) async fn prepare_schema_or_retry(
    settings: &Settings,
    url: String,
) -> Result<Option<JoinHandle<()>>, MigrationError> {
    let once = MigrationPatience { total: Duration::ZERO, ..settings.migration_patience() };
    match prepare_off_thread(settings, &url, once).await {
        Ok(()) => Ok(None),
        Err(fault @ (MigrationError::Session(_) | MigrationError::Pending(_) | MigrationError::Locked { .. })) => {
            tracing::warn!(%fault, "not ready: the database is tried again in the background");
            Ok(Some(actix_web::rt::spawn(prepare_until_done(settings.clone(), url))))
        }
        Err(fault @ (MigrationError::Failed(_) | MigrationError::Unfit(_))) => Err(fault),
    }
}

async fn prepare_until_done(settings: Settings, url: String) {
    loop {
        tokio::time::sleep(settings.database.retry_interval.get()).await;
        match prepare_off_thread(&settings, &url, settings.migration_patience()).await {
            Ok(()) => return,
            Err(fault @ (MigrationError::Session(_) | MigrationError::Pending(_))) => {
                tracing::debug!(%fault, "the database is still not ready");
            }
            Err(fault @ MigrationError::Locked { .. }) => tracing::error!(%fault, "not ready: it is tried on"),
            Err(fault @ (MigrationError::Failed(_) | MigrationError::Unfit(_))) => {
                tracing::error!(%fault, "not ready: the database needs a person");
            }
        }
    }
}

async fn prepare_off_thread(settings: &Settings, url: &str, patience: MigrationPatience) -> Result<(), MigrationError> {
    let (settings, url) = (settings.clone(), url.to_owned());
    let done = tokio::task::spawn_blocking(move || prepare_all(&settings, url, patience)).await;
    done.unwrap_or_else(|fault| Err(MigrationError::Failed(fault.to_string())))
}

/// The database that is written to, and the server that reads go to, where that is another one.
fn prepare_all(settings: &Settings, url: String, patience: MigrationPatience) -> Result<(), MigrationError> {
    let read_url = settings.database.read_url.reveal().filter(|read_url| *read_url != url);
    prepare_schema(settings, url, patience)?;
    read_url.map_or(Ok(()), |url| Ok(check_server(&settings.migration_session(url.to_owned()))??))
}
