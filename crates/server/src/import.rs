//! `annotation-statistics import`

use crate::import_input::{ImportInput, unpacked};
use crate::import_progress::ImportProgress;
use crate::stop_signal::StopSignals;
use crate::terminal::tell;
use crate::{ApplicationError, Failure, Home, ImportArguments, Settings};
use annotation_statistics_domain::{Precondition, RecordError, Recorded, RecordedTask, StatisticsRecorder};
use annotation_statistics_formats::{JsonLines, LineFault, LineFaultKind};
use annotation_statistics_storage::{Database, PostgresStatisticsRecorder, migrate};
use std::error::Error;
use std::fmt::Write;
use std::io::{IsTerminal, stdin};
use std::time::Duration;

/// The most faults that a dry run lists.
const LISTED_FAULTS: usize = 20;

pub(crate) async fn import(settings: &Settings, arguments: &ImportArguments) -> Result<(), Failure> {
    if arguments.files.is_empty() && stdin().is_terminal() {
        return Err(Failure::Input("nothing to import: name a FILE, or pipe lines in; see --help".into()));
    }
    let inputs = ImportInput::all(&arguments.files);
    if arguments.dry_run {
        return inputs.iter().try_for_each(|input| check(input, arguments.json));
    }
    // Heard from here on, so that a private database is never left running.
    let mut signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let home = Home::share(&settings.database)?;
    let done = tokio::select! {
        done = record_all(settings, &home, &inputs, arguments.json) => done,
        () = signals.next() => Err(Failure::Stopped),
    };
    let stopped = home.stop();
    done?;
    Ok(stopped?)
}

async fn record_all(settings: &Settings, home: &Home, inputs: &[ImportInput], json: bool) -> Result<(), Failure> {
    migrate(&settings.migration_session(home.url()))?;
    let database =
        Database::new(settings.import_session(home.url()), settings.import_limits()).map_err(ApplicationError::from)?;
    let recorder = PostgresStatisticsRecorder::new(database);
    for input in inputs {
        let (done, took) = record(&recorder, input).await?;
        tell(if json { outcome_json(input, done, took) } else { outcome(input, done, took) });
    }
    Ok(())
}

async fn record(recorder: &dyn StatisticsRecorder, input: &ImportInput) -> Result<(Recorded, Duration), Failure> {
    let (progress, lines) = lines(input)?;
    let tasks = progress.count_tasks(lines).map(|line| line.map_err(Into::into));
    let done = recorder.record(Box::new(tasks), Precondition::None).await;
    let took = progress.finish();
    done.map(|done| (done, took)).map_err(|fault| refusal(input, &fault))
}

type Lines = Box<dyn Iterator<Item = Result<RecordedTask, LineFault>> + Send>;

fn lines(input: &ImportInput) -> Result<(ImportProgress, Lines), Failure> {
    let name = input.name();
    let (raw, size) = input.open().map_err(|fault| Failure::Input(format!("{name} cannot be read: {fault}")))?;
    let progress = ImportProgress::start(&name, size);
    let (mut packed, mut lines) = (Some(progress.reading(raw)), None);
    // Unpacked by the one who reads, on a thread that may wait: the first bytes of a pipe can take their time.
    let read = std::iter::from_fn(move || {
        if let Some(packed) = packed.take() {
            match unpacked(packed) {
                Ok(input) => lines = Some(JsonLines::new(input)),
                Err(fault) => return Some(Err(unreadable(&fault))),
            }
        }
        lines.as_mut()?.next()
    });
    Ok((progress, Box::new(read)))
}

fn unreadable(fault: &std::io::Error) -> LineFault {
    LineFault { line: 1, field: None, reason: format!("cannot be read: {fault}"), kind: LineFaultKind::Io }
}

fn check(input: &ImportInput, json: bool) -> Result<(), Failure> {
    let (progress, lines) = lines(input)?;
    let (mut right, mut wrong) = (0_u64, Vec::new());
    let mut more = 0_u64;
    for line in progress.count_tasks(lines) {
        match line {
            Ok(_) => right += 1,
            Err(fault) if wrong.len() < LISTED_FAULTS => wrong.push(fault),
            Err(_) => more += 1,
        }
    }
    progress.finish();
    if wrong.is_empty() {
        tell(if json { checked_json(input, right) } else { checked(input, right) });
        return Ok(());
    }
    Err(Failure::Input(fault_list(&input.name(), &wrong, more)))
}

fn checked(input: &ImportInput, tasks: u64) -> String {
    format!("{}: {tasks} tasks, no fault; nothing was recorded (dry run)", input.name())
}

fn checked_json(input: &ImportInput, tasks: u64) -> String {
    serde_json::json!({ "file": input.name(), "tasks": tasks, "dryRun": true }).to_string()
}

fn fault_list(name: &str, listed: &[LineFault], more: u64) -> String {
    let mut text = format!("{name} has faults; nothing was recorded");
    for fault in listed {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{}", at_line(name, fault));
    }
    if more > 0 {
        let _ = write!(text, "\n... and {more} more lines with faults");
    }
    text
}

/// `tasks.jsonl:17: poolType: 9 is not a pool type`, as compilers write it, so that editors find the place.
fn at_line(name: &str, fault: &LineFault) -> String {
    match &fault.field {
        _ if fault.kind == LineFaultKind::Io => format!("{name}: {}", fault.reason),
        Some(field) => format!("{name}:{}: {field}: {}", fault.line, fault.reason),
        None => format!("{name}:{}: {}", fault.line, fault.reason),
    }
}

fn refusal(input: &ImportInput, fault: &RecordError) -> Failure {
    let name = input.name();
    let place = match fault {
        RecordError::Unavailable(_) | RecordError::Corrupt { .. } => {
            return Failure::Unavailable(format!("nothing of {name} was recorded: {}", chain(fault)));
        }
        RecordError::Input(cause) => match cause.downcast_ref::<LineFault>() {
            Some(fault) => at_line(&name, fault),
            None => format!("{name}: {}", chain(fault)),
        },
        RecordError::CampaignConflict { place, .. } => format!("{name}:{place}: campaignId: {fault}"),
        RecordError::CountingRuleConflict { place, .. } => format!("{name}:{place}: countingRule: {fault}"),
        // Nothing is expected of the requests of a file.
        RecordError::PreconditionFailed(_) => format!("{name}: {fault}"),
        RecordError::DuplicateTask { place, first, .. } => format!("{name}:{place}: id: {fault} (line {first})"),
    };
    Failure::Input(format!(
        "{place}\nnothing of {name} was recorded; --dry-run lists up to {LISTED_FAULTS} faults at once"
    ))
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

fn outcome(input: &ImportInput, recorded: Recorded, took: Duration) -> String {
    let Recorded { inserted, updated, unchanged, .. } = recorded;
    let rate = per_second(recorded.total(), took);
    format!(
        "{}: {inserted} inserted, {updated} updated, {unchanged} unchanged in {:.1} s ({rate} tasks/s)",
        input.name(),
        took.as_secs_f64()
    )
}

fn outcome_json(input: &ImportInput, recorded: Recorded, took: Duration) -> String {
    serde_json::json!({
        "file": input.name(),
        "inserted": recorded.inserted,
        "updated": recorded.updated,
        "unchanged": recorded.unchanged,
        "seconds": took.as_secs_f64(),
        "tasksPerSecond": per_second(recorded.total(), took),
    })
    .to_string()
}

fn per_second(number: u64, took: Duration) -> u64 {
    let micros = took.as_micros().max(1);
    u64::try_from(u128::from(number) * 1_000_000 / micros).unwrap_or(u64::MAX)
}
