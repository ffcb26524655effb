//! The sheet against the tasks of files.

use super::arguments::Task;
use super::compared::{Against, Compared};
use super::outputs::{Outputs, failed};
use super::rows::Rows;
use super::sheet::names;
use crate::cli::failure::Failure;
use crate::service::ApplicationError;
use crate::terminal::remark;
use annotation_statistics_domain::OperationItemKey;
use annotation_statistics_reconciliation::Comparison;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::task::spawn_blocking;

/// Compares the sheet with the tasks of files, on a thread that may block.
pub(super) async fn compare(task: &Arc<Task>, rows: &Rows, is_stopped: &Arc<AtomicBool>) -> Result<Compared, Failure> {
    let (task, rows, is_stopped) = (Arc::clone(task), rows.clone(), Arc::clone(is_stopped));
    let done = spawn_blocking(move || compare_all(&task, &rows, &is_stopped)).await;
    done.map_err(std::io::Error::other).map_err(ApplicationError::from)?
}

fn compare_all(task: &Task, rows: &Rows, is_stopped: &AtomicBool) -> Result<Compared, Failure> {
    let survey = rows.survey(is_stopped)?;
    let keys: Vec<_> = survey.items.iter().filter_map(|key| OperationItemKey::new(key.as_str()).ok()).collect();
    let names = names(&keys, &task.taxonomy);
    let sheet = task.sheet.read(survey.request, &names)?;
    let mut comparison = Comparison::new(sheet, names, Outputs::open(task)?);
    let remarks =
        rows.each(is_stopped, |statistics, _, _| comparison.take(statistics).map_err(|error| failed(task, &error)))?;
    let compared = Compared::new(task, comparison.finish(), Against { name: rows.name(), revision: None })?;
    remarks.iter().for_each(remark);
    Ok(compared)
}
