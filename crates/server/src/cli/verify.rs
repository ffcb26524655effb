//! `annotation-statistics verify`

use crate::cli::import::refusal::chain;
use crate::cli::terminal::{remark, tell};
use crate::{Failure, Home, Settings, VerifyArguments};
use annotation_statistics_domain::{AnnotationRequestId, RepositoryError};
use annotation_statistics_storage::{Drift, Finding, SessionSettings, Verified, repair};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use std::collections::BTreeSet;
use std::io::{IsTerminal, stderr};

/// The most differences that are listed for people.
const LISTED: u64 = 100;

pub(crate) fn verify(settings: &Settings, arguments: &VerifyArguments) -> Result<(), Failure> {
    let home = Home::share(&settings.database)?;
    let session = settings.verification_session(home.url());
    let done = compare(&session, arguments.json).and_then(|(verified, differing)| {
        if arguments.repair { mend(&session, &differing, arguments.json) } else { outcome(verified, arguments.json) }
    });
    let stopped = home.stop();
    done?;
    Ok(stopped?)
}

/// Counts all, and tells what differs; returns the requests in which something does.
fn compare(session: &SessionSettings, json: bool) -> Result<(Verified, BTreeSet<AnnotationRequestId>), Failure> {
    let progress = progress();
    let (mut tasks_seen, mut listed, mut differing) = (0, 0_u64, BTreeSet::new());
    let found = annotation_statistics_storage::verify(session, &mut |finding| match finding {
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
    found.map(|verified| (verified, differing)).map_err(|fault| failed(&fault))
}

fn list(drift: &Drift, number: u64, json: bool) {
    if json {
        tell(serde_json::json!({
            "annotationRequestId": drift.annotation_request_id.as_str(),
            "what": drift.what,
            "kept": drift.kept,
            "counted": drift.counted,
        }));
    } else if number <= LISTED {
        tell(drift);
    }
}

fn outcome(verified: Verified, json: bool) -> Result<(), Failure> {
    let Verified { requests, tasks, drifts } = verified;
    if json {
        tell(serde_json::json!({ "requests": requests, "tasks": tasks, "drifts": drifts }));
    }
    if drifts > 0 {
        return Err(Failure::Drift(drifts));
    }
    if !json {
        let (requests, tasks) = (HumanCount(requests), HumanCount(tasks));
        tell(format_args!("{requests} annotation requests with {tasks} tasks: all that is kept is as counted"));
    }
    Ok(())
}

/// Mends the requests in which something differed, and looks again at everything.
fn mend(session: &SessionSettings, differing: &BTreeSet<AnnotationRequestId>, json: bool) -> Result<(), Failure> {
    for id in differing {
        if repair(session, id)
            .map_err(|fault| Failure::Unavailable(format!("`{id}` is as it was: {}", chain(&fault))))?
        {
            tell_mended(id, json);
        }
    }
    let (verified, _) = compare(session, json)?;
    outcome(verified, json)
        .map_err(|fault| if let Failure::Drift(left) = fault { Failure::NotMended(left) } else { fault })
}

fn tell_mended(id: &AnnotationRequestId, json: bool) {
    if json {
        tell(serde_json::json!({ "annotationRequestId": id.as_str(), "mended": true }));
    } else {
        tell(format_args!("`{id}`: mended"));
    }
}

fn failed(fault: &RepositoryError) -> Failure {
    Failure::Unavailable(format!("not everything was counted: {}", chain(fault)))
}

fn progress() -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} annotation requests, {msg}, {elapsed}");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}
