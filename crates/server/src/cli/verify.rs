//! `annotation-statistics verify`

mod frames;
mod statements;

use super::failure::Failure;
use crate::service::{DatabaseSource, NewCluster};
use crate::settings::Settings;
use crate::terminal::{print, remark};
use annotation_statistics_domain::{AnnotationRequestId, ErrorChain, RepositoryError};
use annotation_statistics_storage::{ConnectionSettings, Drift, Finding, Verified, repair};
use clap::Args;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use statements::Checked;
use std::collections::BTreeSet;
use std::io::{IsTerminal, stderr};

/// How to verify.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// Repair from the tasks what differs, and verify again
    #[arg(long)]
    pub repair: bool,
    /// Print each difference, and the outcome, as one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// The most differences that are listed for people.
const LISTED: u64 = 100;

pub(super) async fn verify(settings: &Settings, arguments: &VerifyArguments) -> Result<(), Failure> {
    let database_source = DatabaseSource::share(settings, NewCluster::Refused)?;
    let done = verify_all(settings, &database_source, arguments).await;
    let stopped = database_source.stop();
    done?;
    Ok(stopped?)
}

/// The sums, which may be repaired, and the statements.
async fn verify_all(settings: &Settings, source: &DatabaseSource, arguments: &VerifyArguments) -> Result<(), Failure> {
    let json = arguments.json;
    let connection = settings.verification_connection(source.url());
    let (verified, differing) = compare(&connection, json)?;
    let statements = statements::check(settings, source, json).await?;
    if arguments.repair {
        repair_all(&connection, &differing, statements, json)
    } else {
        outcome(verified, statements, json)
    }
}

/// Counts everything, and lists what differs; returns the requests in which something does.
fn compare(connection: &ConnectionSettings, json: bool) -> Result<(Verified, BTreeSet<AnnotationRequestId>), Failure> {
    let progress = progress();
    let (mut tasks_seen, mut listed, mut differing) = (0, 0_u64, BTreeSet::new());
    let found = annotation_statistics_storage::verify(connection, &mut |finding| match finding {
        Finding::Request { tasks } => {
            tasks_seen += tasks;
            progress.inc(1);
            progress.set_message(format!("{} tasks", HumanCount(tasks_seen)));
        }
        Finding::Drift(drift) => {
            listed += 1;
            progress.suspend(|| list(&drift, listed, json));
            differing.insert(drift.annotation_request_id);
        }
    });
    progress.finish_and_clear();
    if listed > LISTED && !json {
        remark(format_args!("... and {} more; --json lists all", HumanCount(listed - LISTED)));
    }
    found.map(|verified| (verified, differing)).map_err(|error| failed(&error))
}

fn list(drift: &Drift, number: u64, json: bool) {
    if json {
        print(serde_json::json!({
            "annotationRequestId": drift.annotation_request_id.as_str(),
            "what": drift.what,
            "kept": drift.kept,
            "counted": drift.counted,
        }));
    } else if number <= LISTED {
        print(drift);
    }
}

fn outcome(verified: Verified, of_statements: Checked, json: bool) -> Result<(), Failure> {
    let Verified { requests, tasks, drifts } = verified;
    let Checked { statements, untrue } = of_statements;
    if json {
        print(serde_json::json!({
            "requests": requests, "tasks": tasks, "drifts": drifts, "statements": statements, "untrue": untrue,
        }));
    }
    if drifts > 0 {
        return Err(Failure::Drift(drifts));
    }
    if !json {
        let (requests, tasks) = (HumanCount(requests), HumanCount(tasks));
        print(format_args!("{requests} annotation requests with {tasks} tasks: all stored sums are correct"));
    }
    report_statements(of_statements, json)
}

fn report_statements(Checked { statements, untrue }: Checked, json: bool) -> Result<(), Failure> {
    let counted = HumanCount(statements);
    if untrue > 0 {
        let differences =
            if untrue == 1 { "1 difference".to_owned() } else { format!("{} differences", HumanCount(untrue)) };
        return Err(Failure::Untrue(format!(
            "{differences} in {counted} statements: restore these from a backup, as they are never repaired"
        )));
    }
    if statements > 0 && !json {
        print(format_args!("{counted} statements: all are as they were signed"));
    }
    Ok(())
}

/// Repairs the requests in which something differed, and verifies everything again.
fn repair_all(
    connection: &ConnectionSettings,
    differing: &BTreeSet<AnnotationRequestId>,
    statements: Checked,
    json: bool,
) -> Result<(), Failure> {
    for id in differing {
        if repair(connection, id)
            .map_err(|error| Failure::Unavailable(format!("`{id}` is as it was: {}", ErrorChain(&error))))?
        {
            report_repaired(id, json);
        }
    }
    let (verified, _) = compare(connection, json)?;
    outcome(verified, statements, json)
        .map_err(|error| if let Failure::Drift(left) = error { Failure::NotRepaired(left) } else { error })
}

fn report_repaired(id: &AnnotationRequestId, json: bool) {
    if json {
        print(serde_json::json!({ "annotationRequestId": id.as_str(), "mended": true }));
    } else {
        print(format_args!("`{id}`: repaired"));
    }
}

fn failed(error: &RepositoryError) -> Failure {
    Failure::Unavailable(format!("not everything was counted: {}", ErrorChain(error)))
}

fn progress() -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} annotation requests, {msg}, {elapsed}");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}
