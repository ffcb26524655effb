//! `annotation-statistics reconcile`: the sheet of a client against the tasks that are recorded, or those of files.

mod arguments;
mod compared;
mod database;
mod files;
mod outputs;
mod report;
mod rows;
mod sheet;

pub use arguments::ReconcileArguments;

use super::failure::Failure;
use super::stop_signals::StopSignals;
use crate::service::ApplicationError;
use crate::settings::Settings;
use crate::terminal::print;
use arguments::{Recorded, Task};
use compared::Compared;
use report::Report;
use std::io::{IsTerminal, stdout};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) async fn reconcile(settings: &Settings, arguments: &ReconcileArguments) -> Result<(), Failure> {
    let task = Arc::new(arguments.task()?);
    let compared = compare(settings, &task).await.map_err(not_compared)?;
    if arguments.json {
        print(compared.to_json().map_err(|error| Failure::NotCompared(error.to_string()))?);
    } else {
        let report = Report { compared: &compared, task: &task, is_coloured: stdout().is_terminal() };
        print(report.to_string().trim_end());
    }
    report::verdict(&compared, &task)
}

/// Nothing is recorded, and 1 is for a sheet that differs.
fn not_compared(failure: Failure) -> Failure {
    if let Failure::Input(reason) = failure { Failure::NotCompared(reason) } else { failure }
}

/// A signal ends it with the next task; a second one does not wait for that.
async fn compare(settings: &Settings, task: &Arc<Task>) -> Result<Compared, Failure> {
    let mut signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let is_stopped = Arc::<AtomicBool>::default();
    let comparing = async {
        match &task.recorded {
            Recorded::Files(rows) => files::compare(task, rows, &is_stopped).await,
            Recorded::Request(request) => database::compare(settings, task, request, &is_stopped).await,
        }
    };
    let mut comparing = pin!(comparing);
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
