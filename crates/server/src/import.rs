//! `annotation-statistics import`

use crate::import_input::ImportInput;
use crate::import_outcome::ImportOutcome;
use crate::input_fault::InputFault;
use crate::stop_signal::StopSignals;
use crate::task_source::{OpenTasks, TaskSource};
use crate::terminal::{remark, tell};
use crate::{ApplicationError, Failure, Home, ImportArguments, Settings, schema};
use annotation_statistics_domain::{Place, Precondition, RecordError, StatisticsRecorder};
use annotation_statistics_storage::{Database, PostgresStatisticsRecorder};
use std::error::Error;
use std::fmt::Write;
use std::io::{IsTerminal, stdin};

/// The most faults that a dry run lists.
const LISTED_FAULTS: usize = 20;

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
    let mut signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let home = Home::share(&settings.database)?;
    let done = tokio::select! {
        done = record_all(settings, &home, &source, &inputs, arguments.json) => done,
        () = signals.next() => Err(Failure::Stopped),
    };
    let stopped = home.stop();
    done?;
    Ok(stopped?)
}

async fn record_all(
    settings: &Settings,
    home: &Home,
    source: &TaskSource,
    inputs: &[ImportInput],
    json: bool,
) -> Result<(), Failure> {
    schema::prepare(settings, home.url())?;
    let database =
        Database::new(settings.import_session(home.url()), settings.import_limits()).map_err(ApplicationError::from)?;
    let recorder = PostgresStatisticsRecorder::new(database);
    for input in inputs {
        record(&recorder, source, input, json).await?;
    }
    Ok(())
}

async fn record(
    recorder: &dyn StatisticsRecorder,
    source: &TaskSource,
    input: &ImportInput,
    json: bool,
) -> Result<(), Failure> {
    let OpenTasks { progress, tasks, remarks } = open(source, input)?;
    let tasks = tasks.map(|task| task.map_err(Into::into));
    let done = recorder.record(Box::new(tasks), Precondition::None).await;
    let took = progress.finish();
    let done = done.map_err(|fault| refusal(source, input, &fault))?;
    let outcome = ImportOutcome { file: input.name(), format: remarks.format(), rule: source.rule() };
    tell(if json { outcome.recorded_json(done, took) } else { outcome.recorded(done, took) });
    remarks.lines(input).iter().for_each(remark);
    Ok(())
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

fn refusal(source: &TaskSource, input: &ImportInput, fault: &RecordError) -> Failure {
    let name = input.name();
    let is_export = source.rule().is_some();
    let at = |place: &Place, field: &str| {
        if is_export { format!("{name}: task number {place}") } else { format!("{name}:{place}: {field}") }
    };
    let told = match fault {
        RecordError::Unavailable(_) | RecordError::Corrupt { .. } => {
            return Failure::Unavailable(format!("nothing of {name} was recorded: {}", chain(fault)));
        }
        RecordError::Input(cause) => match cause.downcast_ref::<InputFault>() {
            Some(fault) => fault.of(&name),
            None => format!("{name}: {}", chain(fault)),
        },
        RecordError::CampaignConflict { place, .. } => format!("{}: {fault}", at(place, "campaignId")),
        RecordError::CountingRuleConflict { place, .. } => {
            let advice = "count it by the rule of the request (--count), or record it in a request of its own";
            format!("{}: {fault}: {advice}", at(place, "countingRule"))
        }
        // Nothing is expected of the requests of a file.
        RecordError::PreconditionFailed(_) => format!("{name}: {fault}"),
        RecordError::DuplicateTask { place, first, .. } => format!("{}: {fault} (line {first})", at(place, "id")),
    };
    let more = format!("; --dry-run lists up to {LISTED_FAULTS} faults at once");
    let more = if is_export { "" } else { &more };
    Failure::Input(format!("{told}\nnothing of {name} was recorded{more}"))
}

/// An error with its causes.
pub(crate) fn chain(fault: &dyn Error) -> String {
    let mut text = fault.to_string();
    let mut cause = fault.source();
    while let Some(inner) = cause {
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}
