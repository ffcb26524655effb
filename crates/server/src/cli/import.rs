//! `annotation-statistics import`

mod cancellation;
mod failure;
mod outcome;

use super::failure::Failure;
use super::stop_signals::StopSignals;
use crate::input::{AnnotationFileArguments, InputError, InputSource, OpenTasks, TaskSource};
use crate::service::{ApplicationError, DatabaseSource, prepare_schema};
use crate::settings::Settings;
use crate::terminal::{print, remark};
use annotation_statistics_domain::{AnnotationRequestRegistry, Precondition, StatisticsRecorder};
use annotation_statistics_storage::{
    CommitGate, Database, PostgresAnnotationRequestRegistry, PostgresStatisticsRecorder,
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
    /// --annotation-request-id they are annotation exports, without it JSON Lines
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Only check, and record nothing; lists the first 20 faults of JSON Lines; needs no database
    #[arg(long)]
    pub dry_run: bool,
    /// Print the outcome as one JSON object a file
    #[arg(long)]
    pub json: bool,
    /// How exports are read, and where their tasks belong
    #[command(flatten)]
    pub exports: AnnotationFileArguments,
}

pub(super) async fn import(settings: &Settings, arguments: &ImportArguments) -> Result<(), Failure> {
    let inputs = InputSource::all(&arguments.files);
    let source = TaskSource::new(&arguments.exports, &inputs)?;
    if arguments.files.is_empty() && stdin().is_terminal() {
        return Err(Failure::CommandLine("nothing to import: name a FILE, or pipe it in".into()));
    }
    if arguments.dry_run {
        return inputs.iter().try_for_each(|input| check(&source, input, arguments.json));
    }
    // Heard from here on, so that a private database is never left running.
    let signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let stop = Cancellation { signals, gate: CommitGate::default(), limit: settings.import.stop_timeout.get() };
    let home = DatabaseSource::share(&settings.database)?;
    let done = record_all(settings, &home, &source, &inputs, stop, arguments.json).await;
    let stopped = home.stop();
    done?;
    Ok(stopped?)
}

async fn record_all(
    settings: &Settings,
    home: &DatabaseSource,
    source: &TaskSource,
    inputs: &[InputSource],
    mut stop: Cancellation,
    json: bool,
) -> Result<(), Failure> {
    prepare_schema(settings, home.url(), settings.migration_patience())?;
    let database =
        Database::new(settings.import_session(home.url()), settings.import_limits()).map_err(ApplicationError::from)?;
    let ports = ImportPorts {
        recorder: PostgresStatisticsRecorder::new(database.clone()).with_commit_gate(stop.gate.clone()),
        registry: PostgresAnnotationRequestRegistry::new(database),
    };
    for input in inputs {
        // Told while the one before was being committed.
        if stop.gate.is_closed() {
            return Err(Failure::Stopped);
        }
        record(&ports, source, input, &mut stop, json).await?;
    }
    Ok(())
}

/// What an import writes through.
struct ImportPorts {
    recorder: PostgresStatisticsRecorder,
    registry: PostgresAnnotationRequestRegistry,
}

async fn record(
    ports: &ImportPorts,
    source: &TaskSource,
    input: &InputSource,
    stop: &mut Cancellation,
    json: bool,
) -> Result<(), Failure> {
    let OpenTasks { progress, tasks, remarks } = open(source, input)?;
    let tasks = tasks.map(|task| task.map_err(Into::into));
    let done = stop.record_unless_cancelled(ports.recorder.record(Box::new(tasks), Precondition::None)).await;
    let took = progress.finish();
    let refused = FailureContext { input, is_export: source.rule().is_some() };
    let done = done.map_err(|stopped| refused.by_signal(stopped))?.map_err(|fault| refused.by(&fault))?;
    if let Some(request) = source.request().filter(|_| done.total() == 0) {
        // Known all the same: nothing was to be done in it, and that is what it answers.
        let done = stop.change_unless_cancelled(ports.registry.register(request, Precondition::None)).await;
        done.map_err(|stopped| refused.by_signal(stopped))?.map_err(|fault| refused.by_registry(&fault))?;
    }
    let outcome = ImportOutcome { file: input.name(), format: remarks.format(), rule: source.rule() };
    print(if json { outcome.recorded_json(done, took) } else { outcome.recorded(done, took) });
    remarks.lines(input).iter().for_each(remark);
    if source.rule().is_some() && done.updated > 0 {
        remark(replaced(input, done.updated));
    }
    Ok(())
}

/// Names and numbers do not always tell a new export of the same work from other work that is called alike.
fn replaced(input: &InputSource, tasks: u64) -> String {
    format!(
        "{}: {tasks} tasks that were recorded have other numbers now: right where this is a new export of the same work, \
         wrong where it is other work",
        input.name()
    )
}

fn open(source: &TaskSource, input: &InputSource) -> Result<OpenTasks, Failure> {
    source.open(input).map_err(|fault| Failure::Input(fault.of(&input.name())))
}

fn check(source: &TaskSource, input: &InputSource, json: bool) -> Result<(), Failure> {
    let OpenTasks { progress, tasks, remarks } = open(source, input)?;
    let (mut right, mut wrong) = (0_u64, Vec::new());
    let mut more = 0_u64;
    for task in tasks {
        match task {
            Ok(_) => right += 1,
            Err(fault) if wrong.len() < LISTED_ERRORS => wrong.push(fault),
            Err(_) => more += 1,
        }
    }
    progress.finish();
    if !wrong.is_empty() {
        return Err(Failure::Input(error_list(&input.name(), &wrong, more)));
    }
    let outcome = ImportOutcome { file: input.name(), format: remarks.format(), rule: source.rule() };
    print(if json { outcome.checked_json(right) } else { outcome.checked(right) });
    remarks.lines(input).iter().for_each(remark);
    Ok(())
}

fn error_list(name: &str, listed: &[InputError], more: u64) -> String {
    let mut text = format!("{name} has faults; nothing was recorded");
    for fault in listed {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{}", fault.of(name));
    }
    if more > 0 {
        let _ = write!(text, "\n... and {more} more lines with faults");
    }
    text
}
