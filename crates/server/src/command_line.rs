//! The command line.

use crate::{Failure, Settings, SettingsFiles, count, demo, import, migrate, serve, telemetry};
use annotation_statistics_formats::{CountingRule, Format};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  annotation-statistics                             serve on 127.0.0.1:8080 with a private database
  annotation-statistics serve --demo                the same, with a demo delivery to look at
  annotation-statistics import tasks.jsonl.zst      record a file
  zcat tasks.jsonl.gz | annotation-statistics import --dry-run
  annotation-statistics count --summary instances.json
  ANNOTATION_STATISTICS__DATABASE__URL=postgres://user@host/name annotation-statistics migrate

Exit codes: 0 done, 1 the input was refused, 2 the command line or the settings are wrong, 3 the database or the service
failed, 130 a signal ended an import.";

/// Answers what was delivered: statistics of annotation requests over HTTP.
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXAMPLES, subcommand_negates_reqs = true)]
pub struct CommandLine {
    /// Read config/NAME.toml too, such as development or production
    #[arg(long = "env", value_name = "NAME", global = true)]
    pub environment_name: Option<String>,
    /// Read this file of settings too
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// What to do; without it, serve
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer requests until stopped (the default)
    Serve {
        /// Load the demo delivery first, if the database is empty
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database to the schema of this version, and stop
    Migrate,
    /// Record JSON Lines, one task a line; all of a file or none of it
    Import(ImportArguments),
    /// Count what is in annotation exports, and print the JSON Lines to import; needs no database
    Count(CountArguments),
    /// Fill an empty database with a demo delivery: 3 campaigns, 12 annotation requests
    Demo,
}

/// What to import, and how.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Files to record, one transaction each, plain, .gz or .zst; "-" or none for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Only check the lines, list the first 20 faults, and record nothing; needs no database
    #[arg(long)]
    pub dry_run: bool,
    /// Print the outcome as one JSON object a file
    #[arg(long)]
    pub json: bool,
}

/// What to count, and how.
#[derive(Debug, Args)]
pub struct CountArguments {
    /// Exports of COCO, Label Studio, CVAT, OpenLABEL, Scalabel, Datumaro or the platform, plain, .gz or .zst; "-" or none
    /// for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The annotation request that the tasks belong to
    #[arg(long, value_name = "ID", required_unless_present = "summary")]
    pub annotation_request_id: Option<String>,
    /// The campaign that the annotation request belongs to
    #[arg(long, value_name = "ID", required_unless_present = "summary")]
    pub campaign_id: Option<String>,
    /// The kind of pool that the tasks are in, 0 to 5; 5 is complete
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub pool_type: i16,
    /// The name of that pool
    #[arg(long, value_name = "NAME", default_value = "complete pool")]
    pub pool_name: String,
    /// The status of the tasks; 11 is labels approved
    #[arg(long, value_name = "NUMBER", default_value_t = 11)]
    pub status: i32,
    /// The format of the files; without it, it is told from the content
    #[arg(long)]
    pub format: Option<Format>,
    /// What counts as one: objects, appearances or keyframes
    #[arg(long, value_name = "RULE", default_value = "objects")]
    pub count: CountingRule,
    /// Print totals for people instead
    #[arg(long)]
    pub summary: bool,
}

/// Does what the command line says.
///
/// # Errors
/// [`Failure`], which has a text for people and an exit code for scripts.
pub async fn run(line: CommandLine) -> Result<(), Failure> {
    let files = SettingsFiles { environment_name: line.environment_name, file: line.config };
    let settings = Settings::load(&files)?;
    let _telemetry = telemetry::start(&settings.log)?;
    match line.command.unwrap_or(Command::Serve { demo: false }) {
        Command::Serve { demo } => serve::serve(&settings, demo).await,
        Command::Migrate => migrate::migrate(&settings),
        Command::Import(arguments) => import::import(&settings, &arguments).await,
        Command::Count(arguments) => count::count(&arguments),
        Command::Demo => demo::fill(&settings).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        CommandLine::command().debug_assert();
    }
}
