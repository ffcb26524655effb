//! `annotation-statistics import`

pub(crate) mod outcome;
pub(crate) mod progress;
pub(crate) mod refusal;
pub(crate) mod stop;

use crate::ApplicationError;
use crate::Failure;
use crate::Home;
use crate::ImportArguments;
use crate::Settings;
use crate::cli::import::outcome::ImportOutcome;
use crate::cli::import::refusal::{LISTED_FAULTS, Refused};
use crate::cli::import::stop::ImportStop;
use crate::cli::terminal::{remark, tell};
use crate::input::error::InputFault;
use crate::input::reader::ImportInput;
use crate::input::task_source::{OpenTasks, TaskSource};
use crate::service::schema;
use crate::service::stop_signal::StopSignals;
use annotation_statistics_domain::{AnnotationRequestRegistry, Precondition, StatisticsRecorder};
use annotation_statistics_storage::{
    CommitGate, Database, PostgresAnnotationRequestRegistry, PostgresStatisticsRecorder,
};
use std::fmt::Write;
use std::io::{IsTerminal, stdin};

pub(crate) async fn import(settings: &Settings, arguments: &ImportArguments) -> Result<(), Failure> {
    let inputs = ImportInput::all(&arguments.files);
    let source = TaskSource::new(&arguments.exports, &inputs)?;
    if arguments.files.is_empty() && stdin().is_terminal() {
        return Err(Failure::CommandLine("nothing to import: name a FILE, or pipe it in".into()));
    }
    if arguments.dry_run {
        return inputs.iter().try_for_each(|input| check(&source, input, arguments.json));
    }
    // Heard from here on, so that a private database is never left running.
    let signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let stop = ImportStop { signals, gate: CommitGate::default(), limit: settings.import.stop_timeout.get() };
    let home = Home::share(&settings.database)?;
    let done = record_all(settings, &home, &source, &inputs, stop, arguments.json).await;
    let stopped = home.stop();
    done?;
    Ok(stopped?)
}

async fn record_all(
    settings: &Settings,
    home: &Home,
    source: &TaskSource,
    inputs: &[ImportInput],
    mut stop: ImportStop,
    json: bool,
) -> Result<(), Failure> {
    schema::prepare(settings, home.url(), settings.migration_patience())?;
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
    input: &ImportInput,
    stop: &mut ImportStop,
    json: bool,
) -> Result<(), Failure> {
    let OpenTasks { progress, tasks, remarks } = open(source, input)?;
    let tasks = tasks.map(|task| task.map_err(Into::into));
    let done = stop.unless_told(ports.recorder.record(Box::new(tasks), Precondition::None)).await;
    let took = progress.finish();
    let refused = Refused { input, is_export: source.rule().is_some() };
    let done = done.map_err(|stopped| refused.by_signal(stopped))?.map_err(|fault| refused.by(&fault))?;
    if let Some(request) = source.request().filter(|_| done.total() == 0) {
        // Known all the same: nothing was to be done in it, and that is what it answers.
        let done = stop.unless_told_for_long(ports.registry.register(request, Precondition::None)).await;
        done.map_err(|stopped| refused.by_signal(stopped))?.map_err(|fault| refused.by_registry(&fault))?;
    }
    let outcome = ImportOutcome { file: input.name(), format: remarks.format(), rule: source.rule() };
    tell(if json { outcome.recorded_json(done, took) } else { outcome.recorded(done, took) });
    remarks.lines(input).iter().for_each(remark);
    if source.rule().is_some() && done.updated > 0 {
        remark(replaced(input, done.updated));
    }
    Ok(())
}

/// Names and numbers do not always tell a new export of the same work from other work that is called alike.
fn replaced(input: &ImportInput, tasks: u64) -> String {
    format!(
        "{}: {tasks} tasks that were recorded have other numbers now: right where this is a new export of the same work, \
         wrong where it is other work",
        input.name()
    )
}

fn open(source: &TaskSource, input: &ImportInput) -> Result<OpenTasks, Failure> {
    source.open(input).map_err(|fault| Failure::Input(fault.of(&input.name())))
}

fn check(source: &TaskSource, input: &ImportInput, json: bool) -> Result<(), Failure> {
    let OpenTasks { progress, tasks, remarks } = open(source, input)?;
    let (mut right, mut wrong) = (0_u64, Vec::new());
    let mut more = 0_u64;
    for task in tasks {
        match task {
            Ok(_) => right += 1,
            Err(fault) if wrong.len() < LISTED_FAULTS => wrong.push(fault),
            Err(_) => more += 1,
        }
    }
    progress.finish();
    if !wrong.is_empty() {
        return Err(Failure::Input(fault_list(&input.name(), &wrong, more)));
    }
    let outcome = ImportOutcome { file: input.name(), format: remarks.format(), rule: source.rule() };
    tell(if json { outcome.checked_json(right) } else { outcome.checked(right) });
    remarks.lines(input).iter().for_each(remark);
    Ok(())
}

fn fault_list(name: &str, listed: &[InputFault], more: u64) -> String {
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
