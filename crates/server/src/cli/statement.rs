//! `annotation-statistics statement`: what was delivered, written down and signed.

mod arguments;
mod create;
mod database;
mod fetch;
mod files;
mod folder;
mod keygen;
mod keys;
mod list;
mod names;
mod observed_format;
mod report;
mod signing;
mod verify;

pub(super) use database::{failure, open};

use super::failure::Failure;
use crate::settings::Settings;

pub use arguments::{
    CreateArguments, FetchArguments, KeygenArguments, RetireArguments, StatementCommand, StatementListArguments,
    VerifyStatementArguments,
};

/// Runs what needs no settings and no database; `None` where the command needs them.
pub(super) fn run_over_files(command: &StatementCommand) -> Option<Result<(), Failure>> {
    match command {
        StatementCommand::Keygen(arguments) => Some(keygen::keygen(arguments)),
        StatementCommand::Verify(arguments) => Some(verify::verify(arguments)),
        StatementCommand::Create(_)
        | StatementCommand::List(_)
        | StatementCommand::Fetch(_)
        | StatementCommand::Keys { .. }
        | StatementCommand::Retire(_) => None,
    }
}

pub(super) async fn run(settings: &Settings, command: StatementCommand) -> Result<(), Failure> {
    match command {
        StatementCommand::Create(arguments) => create::create(settings, &arguments).await,
        StatementCommand::List(arguments) => list::list(settings, &arguments).await,
        StatementCommand::Fetch(arguments) => fetch::fetch(settings, &arguments).await,
        StatementCommand::Keys { json } => keys::list(settings, json).await,
        StatementCommand::Retire(arguments) => keys::retire(settings, &arguments).await,
        // Done before.
        StatementCommand::Keygen(_) | StatementCommand::Verify(_) => Ok(()),
    }
}
