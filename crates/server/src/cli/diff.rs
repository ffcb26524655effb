//! `annotation-statistics diff`: two states of an annotation request, of files or of the database.

mod arguments;
mod compared;
mod database;
mod outputs;
mod report;
mod rows;

pub use arguments::DiffArguments;

use super::failure::Failure;
use super::stop_signals::StopSignals;
use crate::service::ApplicationError;
use crate::settings::Settings;
use crate::terminal::print;
use annotation_statistics_statements::Comparison;
use arguments::Task;
use compared::Compared;
use outputs::Outputs;
use report::Report;
use rows::Rows;
use std::io::{IsTerminal, stdout};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::spawn_blocking;

pub(super) async fn diff(settings: &Settings, arguments: &DiffArguments) -> Result<(), Failure> {
    let task = Arc::new(arguments.task()?);
    let compared = compare(settings, &task).await.map_err(not_compared)?;
    let report = Report { compared: &compared, task: &task, is_coloured: stdout().is_terminal() };
    if arguments.json {
        print(report.to_json().map_err(|error| Failure::NotCompared(error.to_string()))?);
    } else {
        print(report.to_string().trim_end());
    }
    report.verdict()
}

/// Nothing is recorded, and 1 is for states that differ.
fn not_compared(failure: Failure) -> Failure {
    if let Failure::Input(reason) = failure { Failure::NotCompared(reason) } else { failure }
}

/// A signal ends it with the next rows; a second one does not wait for that.
async fn compare(settings: &Settings, task: &Arc<Task>) -> Result<Compared, Failure> {
    let mut signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let is_stopped = Arc::<AtomicBool>::default();
    let mut comparing = pin!(async {
        match &task.request {
            Some(request) => database::compare(settings, task, request, &is_stopped).await,
            None => compare_files(task, &is_stopped).await,
        }
    });
    let done = tokio::select! {
        done = &mut comparing => done,
        () = signals.next() => {
            is_stopped.store(true, Ordering::Release);
            tokio::select! {
                _ = &mut comparing => {}
                () = signals.next() => {}
            }
            Err(Failure::ComparisonStopped)
        }
    };
    match &done {
        Ok(_) => task.output.keep()?,
        Err(_) => task.output.discard(),
    }
    done
}

/// Compares two files, on a thread that may block.
async fn compare_files(task: &Arc<Task>, is_stopped: &Arc<AtomicBool>) -> Result<Compared, Failure> {
    let (task, is_stopped) = (Arc::clone(task), Arc::clone(is_stopped));
    let compare = move || {
        let from = Rows::of_file(&task.from, &is_stopped)?;
        let comparison = Comparison::new(from, None, Outputs::open(&task)?).map_err(|error| task.failed(&error))?;
        Compared::new(&task, comparison, Rows::of_file(&task.to, &is_stopped)?)
    };
    spawn_blocking(compare).await.map_err(std::io::Error::other).map_err(ApplicationError::from)?
}
