//! The command line.

use super::config::ConfigCommand;
use super::count::CountArguments;
use super::diff::DiffArguments;
use super::export::ExportArguments;
use super::failure::Failure;
use super::import::ImportArguments;
use super::keys::KeysCommand;
use super::list::{ListArguments, ShowArguments};
use super::reconcile::ReconcileArguments;
use super::share::ShareArguments;
use super::statement::StatementCommand;
use super::verify::VerifyArguments;
use super::{
    config, count, demo, diff, export, health, import, keys, list, manual, migrate, reconcile, serve, share, statement,
    verify,
};
use crate::settings::{Settings, SettingsFiles};
use crate::telemetry::start_log;
use crate::version::VERSION;
use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  annotation-statistics                             serve on 127.0.0.1:8080 with a private database
  annotation-statistics serve --demo                the same, with a demo delivery to look at
  annotation-statistics import tasks.jsonl.zst      record a file
  annotation-statistics import --annotation-request-id R --campaign-id C instances.json
  zcat tasks.jsonl.gz | annotation-statistics import --dry-run
  annotation-statistics count --summary instances.json
  annotation-statistics reconcile client.csv --rows tasks.jsonl
  annotation-statistics keys add --campaign 1001    a key that may read this campaign
  annotation-statistics statement create --annotation-request-id R 2026-11
  ANNOTATION_STATISTICS__DATABASE__URL=postgres://user@host/name annotation-statistics migrate

Exit codes: 0 done, 1 the input was refused, a sum is wrong, a sheet differs or a statement is not as it was signed, 2 the
command line or the settings are wrong, 3 the database or the service failed, 4 whether a file is recorded is unknown:
import it again, 130 a signal ended an import.";

const MIGRATE_HELP: &str = "\
With --distribute, all rows of an annotation request are on one node. What is recorded already is
moved there, and what is distributed already stays as it is. Without it, tables that a new version
adds to a distributed database are distributed, too.

Examples:
  annotation-statistics migrate
  annotation-statistics --config coordinator.toml migrate --distribute";

const IMPORT_HELP: &str = "\
With --annotation-request-id and --campaign-id the files are annotation files: their tasks are
counted and recorded in that request, and what was not counted is reported on standard error. Without
them the files are JSON Lines, which name request, campaign, pool and status themselves.

Examples:
  annotation-statistics import tasks.jsonl.zst
  annotation-statistics import --annotation-request-id R --campaign-id C --count keyframes a.xml.gz
  annotation-statistics import --annotation-request-id R --campaign-id C --dry-run < coco.json";

const COUNT_HELP: &str = "\
With --annotation-request-id and --campaign-id the lines are those that import reads. What was not
counted is reported on standard error.

Examples:
  annotation-statistics count --summary instances.json
  annotation-statistics count instances.json
  annotation-statistics count --annotation-request-id R --campaign-id C coco.json > tasks.jsonl";

const EXPORT_HELP: &str = "\
JSON Lines are what import reads back. In CSV, a text that a spreadsheet would take for a formula
has an apostrophe before it. What fails leaves no FILE, and JSON Lines on standard output end with
a broken line then.

Examples:
  annotation-statistics export -o delivery.xlsx 7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b
  annotation-statistics export --layout long R1 R2 > delivery.csv
  annotation-statistics export --format jsonl R | zstd > tasks.jsonl.zst";

const RECONCILE_HELP: &str = "\
The sheet has a line of names: id, operationItem and count; or id, instanceNum, attributeNum and
frameNum; sourceName in place of id, or no task at all for sums; labels in place of keys. Nothing is
stored. Both are compared in exact numbers, and a line that is there twice is never added up.

Examples:
  annotation-statistics reconcile --annotation-request-id R client.xlsx -o differences.csv
  annotation-statistics reconcile client.csv --rows tasks.jsonl.zst
  annotation-statistics reconcile client.csv --rows instances.json --taxonomy taxonomy.json --json

Exit codes: 0 both agree, 1 they differ, 2 the command line or the settings are wrong, 3 the sheet
was refused, or what it is compared with cannot be read, 130 a signal ended it.";

const DIFF_HELP: &str = "\
Files are JSON Lines in ascending order of the ids of their tasks, as the rows of a statement are;
two files need no database. A task is delivered where it is in the complete pool and was not before,
reopened where it was and is not any more, and reworked where it is in both, with other counts.

Examples:
  annotation-statistics diff 2026-10.rows.jsonl.zst 2026-11.rows.jsonl.zst
  annotation-statistics diff statement:2026-11 now --annotation-request-id R
  annotation-statistics diff statement:2026-10 statement:2026-11 --annotation-request-id R -o new.csv

Exit codes: 0 both are the same, 1 they differ, 2 the command line or the settings are wrong, 3 one of
them cannot be read, 130 a signal ended it.";

const COMPLETIONS_HELP: &str = "\
Examples:
  annotation-statistics completions bash > ~/.local/share/bash-completion/completions/annotation-statistics
  annotation-statistics completions zsh > ~/.zfunc/_annotation-statistics
  annotation-statistics completions fish > ~/.config/fish/completions/annotation-statistics.fish";

const MAN_HELP: &str = "\
Examples:
  annotation-statistics man | man -l -
  annotation-statistics man --output ~/.local/share/man/man1";

/// Serves what was delivered: statistics of annotation requests over HTTP.
#[derive(Debug, Parser)]
#[command(version = VERSION.as_str(), about, after_help = EXAMPLES, subcommand_negates_reqs = true)]
pub struct CommandLine {
    /// Read a profile too: config/NAME.toml, or else development or production as they are compiled in
    #[arg(long = "env", value_name = "NAME", global = true)]
    pub environment_name: Option<String>,
    /// Read this file of settings too
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// What to do; without it, serve
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl CommandLine {
    /// Whether scripts read what it prints, errors included.
    pub fn prints_json(&self) -> bool {
        match &self.command {
            Some(Command::Import(arguments)) => arguments.json,
            Some(Command::Verify(arguments)) => arguments.json,
            Some(Command::Reconcile(arguments)) => arguments.json,
            Some(Command::Diff(arguments)) => arguments.json,
            Some(Command::Keys(command)) => command.prints_json(),
            Some(Command::Statement(command)) => command.prints_json(),
            Some(Command::Share(arguments)) => arguments.json,
            Some(Command::List(arguments)) => arguments.json,
            Some(Command::Show(arguments)) => arguments.json,
            Some(Command::Config(ConfigCommand::Print { json })) => *json,
            Some(
                Command::Serve { .. }
                | Command::Migrate { .. }
                | Command::Count(_)
                | Command::Export(_)
                | Command::Health { .. }
                | Command::Demo
                | Command::Completions { .. }
                | Command::Man { .. },
            )
            | None => false,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve requests until stopped (the default)
    Serve {
        /// Load the demo delivery first, if the database is empty
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database to the schema of this version, and stop
    #[command(after_help = MIGRATE_HELP)]
    Migrate {
        /// Distribute the tables over the nodes of a Citus cluster, too; stop the servers first
        #[arg(long)]
        distribute: bool,
        /// Make a new private database where there is none; without this, a missing one is an error
        #[arg(long)]
        create: bool,
    },
    /// Record annotation files, or JSON Lines; all of a file or none of it
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArguments),
    /// Count what is in annotation files, and print a line of JSON for each task; needs no database
    #[command(after_help = COUNT_HELP)]
    Count(CountArguments),
    /// Count everything that is recorded again, and compare it with the stored sums; exit code 1 where any differs
    Verify(VerifyArguments),
    /// Write all tasks of annotation requests to a file
    #[command(about = super::export::about(), after_help = EXPORT_HELP)]
    Export(ExportArguments),
    /// Compare the sheet of a client with what is recorded, or with the tasks of files; exit code 1 where they differ
    #[command(after_help = RECONCILE_HELP)]
    Reconcile(ReconcileArguments),
    /// Compare two states of an annotation request, such as two statements; exit code 1 where they differ
    #[command(after_help = DIFF_HELP)]
    Diff(DiffArguments),
    /// List annotation requests with their sums, those that were changed last first
    List(ListArguments),
    /// Show an annotation request with its sums
    Show(ShowArguments),
    /// Make, list, rotate and revoke access keys; running servers obey within a second
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Make, fetch and verify statements: what was delivered, written down and signed
    #[command(subcommand)]
    Statement(StatementCommand),
    /// Make a link by which annotation requests are seen without a key, until it expires
    Share(ShareArguments),
    /// Check whether the service that runs on this machine is live; for health checks
    Health {
        /// Check whether it is ready to serve requests instead
        #[arg(long)]
        ready: bool,
    },
    /// Fill an empty database with a demo delivery: 3 campaigns, 12 annotation requests
    Demo,
    /// Show the settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print what lets a shell complete this command line
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, or write the pages of all commands
    #[command(after_help = MAN_HELP)]
    Man {
        /// The folder to write the pages to, one for each command
        #[arg(long, short, value_name = "FOLDER")]
        output: Option<PathBuf>,
    },
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], which has a text for people and an exit code for scripts.
pub async fn run(line: CommandLine) -> Result<(), Failure> {
    let files = SettingsFiles { environment_name: line.environment_name, file: line.config };
    let command = line.command.unwrap_or(Command::Serve { demo: false });
    // They need no settings that can be used.
    if let Command::Config(command) = &command {
        return config::run(&files, command);
    }
    if let Command::Completions { shell } = &command {
        return manual::complete(CommandLine::command(), *shell);
    }
    if let Command::Man { output } = &command {
        return manual::print_pages(CommandLine::command(), output.as_deref());
    }
    if let Command::Statement(command) = &command
        && let Some(done) = statement::run_over_files(command)
    {
        return done;
    }
    let settings = Settings::load(&files)?;
    run_with(&settings, command).await.map_err(|failure| failure.with_given(&settings))
}

async fn run_with(settings: &Settings, command: Command) -> Result<(), Failure> {
    let _telemetry = start_log(&settings.log)?;
    match command {
        Command::Serve { demo } => serve::serve(settings, demo).await,
        Command::Migrate { distribute, create } => migrate::migrate(settings, distribute, create),
        Command::Import(arguments) => import::import(settings, &arguments).await,
        Command::Count(arguments) => count::count(&arguments),
        Command::Export(arguments) => export::export(settings, &arguments).await,
        Command::Diff(arguments) => diff::diff(settings, &arguments).await,
        Command::Reconcile(arguments) => reconcile::reconcile(settings, &arguments).await,
        Command::List(arguments) => list::list(settings, &arguments).await,
        Command::Show(arguments) => list::show(settings, &arguments).await,
        Command::Verify(arguments) => verify::verify(settings, &arguments).await,
        Command::Keys(command) => keys::run(settings, command).await,
        Command::Statement(command) => statement::run(settings, command).await,
        Command::Share(arguments) => share::share(settings, &arguments).await,
        Command::Health { ready } => health::health(settings, ready),
        Command::Demo => demo::fill(settings).await,
        // Done before.
        Command::Config(_) | Command::Completions { .. } | Command::Man { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }
}
