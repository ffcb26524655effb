//! `annotation-statistics import`

mod cancellation;
mod failure;
mod outcome;
mod taxonomy;

use super::failure::Failure;
use super::stop_signals::StopSignals;
use crate::input::{AnnotationFileArguments, InputError, InputSource, OpenTasks, TaskSource};
use crate::service::{ApplicationError, DatabaseSource, NewCluster, prepare_schema};
use crate::settings::Settings;
use crate::terminal::{print, remark};
use annotation_statistics_domain::{AnnotationRequestRegistry, Precondition, StatisticsRecorder};
use annotation_statistics_storage::{
    CommitGate, Database, PostgresAnnotationRequestRegistry, PostgresStatisticsRecorder, PostgresTaxonomyRepository,
};
use cancellation::Cancellation;
use clap::Args;
use failure::{FailureContext, LISTED_ERRORS};
use outcome::ImportOutcome;
use std::fmt::Write;
use std::io::{IsTerminal, stdin};
use std::path::PathBuf;

/// What to import, and how.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Files to record, one transaction each, plain, .gz or .zst; "-" or none for standard input. With
    /// --annotation-request-id they are annotation files, without it JSON Lines
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Only check, and record nothing; lists the first 20 errors of JSON Lines; needs no database
    #[arg(long)]
    pub dry_run: bool,
    /// Make a new private database where there is none; without this, a missing one is an error
    #[arg(long)]
    pub create: bool,
    /// Print the outcome as one JSON object a file
    #[arg(long)]
    pub json: bool,
    /// How annotation files are read, and the request of their tasks
    #[command(flatten)]
    pub annotation_files: AnnotationFileArguments,
}

pub(super) async fn import(settings: &Settings, arguments: &ImportArguments) -> Result<(), Failure> {
    let inputs = InputSource::all(&arguments.files);
    let source = TaskSource::new(&arguments.annotation_files, &inputs)?;
    if arguments.files.is_empty() && stdin().is_terminal() {
        return Err(Failure::CommandLine("nothing to import: name a FILE, or pipe it in".into()));
    }
    // Before a database is started for it.
    for input in &inputs {
        input.check().map_err(|error| Failure::Input(InputError::from(error).of(&input.name())))?;
    }
    if arguments.dry_run {
        return inputs.iter().try_for_each(|input| check(&source, input, arguments.json));
    }
    // Handled from here on, so that a private database is never left running.
    let signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let cancellation = Cancellation { signals, gate: CommitGate::default(), limit: settings.import.stop_timeout.get() };
    let database_source = DatabaseSource::share(settings, NewCluster::by_option(arguments.create))?;
    let done = record_all(settings, &database_source, &source, &inputs, cancellation, arguments.json).await;
    let stopped = database_source.stop();
    done?;
    Ok(stopped?)
}

async fn record_all(
    settings: &Settings,
    database_source: &DatabaseSource,
    source: &TaskSource,
    inputs: &[InputSource],
    mut cancellation: Cancellation,
    json: bool,
) -> Result<(), Failure> {
    prepare_schema(settings, database_source.url(), settings.migration_patience())?;
    let database = Database::new(settings.import_connection(database_source.url()), settings.import_limits())
        .map_err(ApplicationError::from)?;
    let recorder = PostgresStatisticsRecorder::new(database.clone()).staging_above(settings.writes.staged_above);
    let ports = ImportPorts {
        recorder: recorder.with_commit_gate(cancellation.gate.clone()),
        registry: PostgresAnnotationRequestRegistry::new(database.clone()),
        taxonomies: PostgresTaxonomyRepository::new(database.clone(), database),
    };
    for input in inputs {
        // A signal came while the previous one was being committed.
        if cancellation.gate.is_closed() {
            return Err(Failure::Stopped);
        }
        record(&ports, source, input, &mut cancellation, json).await?;
    }
    Ok(())
}

/// The ports that an import writes to.
struct ImportPorts {
    recorder: PostgresStatisticsRecorder,
    registry: PostgresAnnotationRequestRegistry,
    taxonomies: PostgresTaxonomyRepository,
}

async fn record(
    ports: &ImportPorts,
    source: &TaskSource,
    input: &InputSource,
    cancellation: &mut Cancellation,
    json: bool,
) -> Result<(), Failure> {
    let OpenTasks { progress, tasks, remarks } = open(source, input)?;
    let tasks = progress.then_merging(tasks).map(|task| task.map_err(Into::into));
    let done = cancellation.record_unless_cancelled(ports.recorder.record(Box::new(tasks), Precondition::None)).await;
    let took = progress.finish();
    let context = FailureContext { input, is_annotation_file: source.rule().is_some() };
    let done = done.map_err(|cancelled| context.of_signal(cancelled))?.map_err(|error| context.of_recording(&error))?;
    if let Some(request) = source.request().filter(|_| done.total() == 0) {
        // It is registered without tasks, so that a query finds it empty instead of unknown.
        let done = cancellation.change_unless_cancelled(ports.registry.register(request, Precondition::None)).await;
        done.map_err(|cancelled| context.of_signal(cancelled))?.map_err(|error| context.of_registration(&error))?;
    }
    let outcome = ImportOutcome { file: input.name(), format: remarks.format(), rule: source.rule() };
    print(if json { outcome.recorded_json(done, took) } else { outcome.recorded(done, took) });
    remarks.lines(input).iter().for_each(remark);
    if source.rule().is_some() && done.updated > 0 {
        remark(replaced(input, done.updated));
    }
    match (source.request(), remarks.found_operators()) {
        (Some(request), Some(found)) => {
            taxonomy::fill(&ports.taxonomies, &request.id, found, input, cancellation).await
        }
        _ => Ok(()),
    }
}

/// A new file of the same work cannot always be distinguished from other work with the same names and numbers.
fn replaced(input: &InputSource, tasks: u64) -> String {
    format!(
        "{}: {tasks} tasks that were recorded have other numbers now: right where this is a new export of the same work, \
         wrong where it is other work",
        input.name()
    )
}

fn open(source: &TaskSource, input: &InputSource) -> Result<OpenTasks, Failure> {
    source.open(input).map_err(|error| Failure::Input(error.of(&input.name())))
}

fn check(source: &TaskSource, input: &InputSource, json: bool) -> Result<(), Failure> {
    let OpenTasks { progress, tasks, remarks } = open(source, input)?;
    let (mut valid, mut errors) = (0_u64, Vec::new());
    let mut more = 0_u64;
    for task in tasks {
        match task {
            Ok(_) => valid += 1,
            Err(error) if errors.len() < LISTED_ERRORS => errors.push(error),
            Err(_) => more += 1,
        }
    }
    progress.finish();
    if !errors.is_empty() {
        return Err(Failure::Input(error_list(&input.name(), &errors, more)));
    }
    let outcome = ImportOutcome { file: input.name(), format: remarks.format(), rule: source.rule() };
    print(if json { outcome.checked_json(valid) } else { outcome.checked(valid) });
    remarks.lines(input).iter().for_each(remark);
    Ok(())
}

fn error_list(name: &str, listed: &[InputError], more: u64) -> String {
    let mut text = format!("{name} has errors; nothing was recorded");
    for error in listed {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{}", error.of(name));
    }
    if more > 0 {
        let _ = write!(text, "\n... and {more} more lines with errors");
    }
    text
}
