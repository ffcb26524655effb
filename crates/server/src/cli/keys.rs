//! `annotation-statistics keys`

mod add;
mod arguments;
mod failure;
mod list;
mod new_secret;
mod revocation;
mod rotate;

use super::failure::Failure;
use crate::service::{ApplicationError, DatabaseSource, MasterKeyFile, NewCluster, prepare_schema};
use crate::settings::Settings;
use crate::terminal::print;
use add::add;
use annotation_statistics_storage::{Database, PostgresKeyRegistry};
pub(super) use failure::{failure, known_id};
use list::{key_json, key_table};
use revocation::revoke;
use rotate::rotate;

pub use arguments::{AddKeyArguments, KeysCommand, RevokeKeyArguments, ScopeName};

pub(super) async fn run(settings: &Settings, command: KeysCommand) -> Result<(), Failure> {
    let new_cluster = match &command {
        KeysCommand::Add(arguments) => NewCluster::by_option(arguments.create),
        KeysCommand::List { .. } | KeysCommand::Rotate { .. } | KeysCommand::Revoke(_) => NewCluster::Refused,
    };
    let database_source = DatabaseSource::share(settings, new_cluster)?;
    let done = run_at(settings, &database_source, command).await;
    let stopped = database_source.stop();
    done?;
    Ok(stopped?)
}

async fn run_at(settings: &Settings, database_source: &DatabaseSource, command: KeysCommand) -> Result<(), Failure> {
    let registry = registry_of(settings, database_source)?;
    let master_key = MasterKeyFile::new(&settings.auth, database_source.master_key_file());
    match command {
        KeysCommand::Add(arguments) => add(&master_key, &registry, &arguments).await,
        KeysCommand::List { json } => list(&registry, json).await,
        KeysCommand::Rotate { id, grace, json } => rotate(&master_key, &registry, &id, grace, json).await,
        KeysCommand::Revoke(arguments) => revoke(&registry, &arguments).await,
    }
}

/// Those who keep the keys of the database.
pub(super) fn registry_of(
    settings: &Settings,
    database_source: &DatabaseSource,
) -> Result<PostgresKeyRegistry, Failure> {
    prepare_schema(settings, database_source.url(), settings.migration_patience())?;
    let connection = settings.key_command_connection(database_source.url());
    let database = Database::new(connection, settings.import_limits()).map_err(ApplicationError::from)?;
    Ok(PostgresKeyRegistry::new(database))
}

async fn list(registry: &PostgresKeyRegistry, json: bool) -> Result<(), Failure> {
    let keys = registry.list().await.map_err(|error| failure(&error))?;
    if json {
        for key in &keys {
            print(key_json(key));
        }
    } else if keys.is_empty() {
        print("there are no keys; `annotation-statistics keys add` makes one");
    } else {
        print(key_table(&keys).trim_end());
    }
    Ok(())
}
