//! The command line: a file for each command.

mod command_line;
mod config;
mod count;
mod demo;
mod diff;
mod export;
mod failure;
mod health;
mod import;
mod keys;
mod list;
mod manual;
mod migrate;
mod output_file;
mod reconcile;
mod serve;
mod share;
mod statement;
mod stop_signals;
mod verify;

pub use command_line::{Command, CommandLine, run};
pub use config::ConfigCommand;
pub use count::CountArguments;
pub use demo::{DEMO_REQUEST, demo_delivery};
pub use diff::DiffArguments;
pub use export::ExportArguments;
pub use failure::{Failure, invalid_command_line};
pub use import::ImportArguments;
pub use keys::{AddKeyArguments, KeysCommand, RevokeKeyArguments, ScopeName};
pub use list::{ListArguments, ShowArguments};
pub use reconcile::ReconcileArguments;
pub use share::ShareArguments;
pub use statement::{
    CreateArguments, FetchArguments, KeygenArguments, RetireArguments, StatementCommand, StatementListArguments,
    VerifyStatementArguments,
};
pub use verify::VerifyArguments;
