//! The schema of the database, migrated or checked before anything else.

use crate::settings::Settings;
use annotation_statistics_storage::{MigrationError, MigrationPatience, check_schema, check_server, migrate};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Migrates the database at `url`, or only checks its schema (`database.migrate`).
///
/// # Errors
/// When the server is unsuitable, or the database does not have the schema of this version afterwards.
pub(crate) fn prepare_schema(
    settings: &Settings,
    url: String,
    patience: MigrationPatience,
) -> Result<(), MigrationError> {
    let connection = settings.migration_connection(url);
    check_server(&connection)??;
    if !settings.database.migrate {
        return check_schema(&connection);
    }
    let names = migrate(&connection, patience, &mut |notice| tracing::warn!("{notice}"))?;
    if names.is_empty() {
        tracing::debug!("the schema is up to date");
    } else {
        tracing::info!(migrations = names.join(", "), "the schema was migrated");
    }
    Ok(())
}

/// Prepares the database now where it can be reached, otherwise in the background, with retries.
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
        Err(error @ (MigrationError::Connection(_) | MigrationError::Pending(_) | MigrationError::Locked { .. })) => {
            tracing::warn!(fault = %error, "not ready: the database is tried again in the background");
            Ok(Some(actix_web::rt::spawn(prepare_until_done(settings.clone(), url))))
        }
        Err(error @ (MigrationError::Failed(_) | MigrationError::Unfit(_))) => Err(error),
    }
}

async fn prepare_until_done(settings: Settings, url: String) {
    loop {
        tokio::time::sleep(settings.database.retry_interval.get()).await;
        match prepare_off_thread(&settings, &url, settings.migration_patience()).await {
            Ok(()) => return,
            Err(error @ (MigrationError::Connection(_) | MigrationError::Pending(_))) => {
                tracing::debug!(fault = %error, "the database is still not ready");
            }
            Err(error @ MigrationError::Locked { .. }) => {
                tracing::error!(fault = %error, "not ready: the migration is tried again");
            }
            Err(error @ (MigrationError::Failed(_) | MigrationError::Unfit(_))) => {
                tracing::error!(fault = %error, "not ready: the database needs an operator");
            }
        }
    }
}

async fn prepare_off_thread(settings: &Settings, url: &str, patience: MigrationPatience) -> Result<(), MigrationError> {
    let (settings, url) = (settings.clone(), url.to_owned());
    let done = tokio::task::spawn_blocking(move || prepare_all(&settings, url, patience)).await;
    done.unwrap_or_else(|error| Err(MigrationError::Failed(error.to_string())))
}

/// The database that is written to, and the server of the replica, where there is one.
fn prepare_all(settings: &Settings, url: String, patience: MigrationPatience) -> Result<(), MigrationError> {
    let read_url = settings.database.read_url.reveal().filter(|read_url| *read_url != url);
    prepare_schema(settings, url, patience)?;
    read_url.map_or(Ok(()), |url| Ok(check_server(&settings.migration_connection(url.to_owned()))??))
}
