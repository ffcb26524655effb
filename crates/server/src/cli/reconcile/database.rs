//! The sheet against the tasks of an annotation request in the database.

use super::arguments::Task;
use super::compared::{Against, Compared};
use super::outputs::{Outputs, failed};
use super::sheet::names;
use crate::cli::failure::Failure;
use crate::service::{ApplicationError, DatabaseSource, NewCluster};
use crate::settings::Settings;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, BoxError, CampaignScope, ErrorChain, ExportError, ExportTarget,
    RecordedTask, RegistryError, RepositoryError, StatisticsExporter, Summary, SummaryQuery, SummaryRepository,
    TaskFilter, Taxonomy, TaxonomyRepository,
};
use annotation_statistics_reconciliation::{Comparison, ItemNames, Reconciliation, Sheet};
use annotation_statistics_storage::{
    Database, PostgresStatisticsExporter, PostgresSummaryRepository, PostgresTaxonomyRepository,
};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::spawn_blocking;

/// How often, in tasks, the progress is updated.
const TASKS_PER_UPDATE: u64 = 1_000;

/// Compares the sheet with the tasks of `request`.
pub(super) async fn compare(
    settings: &Settings,
    task: &Arc<Task>,
    request: &AnnotationRequestId,
    is_stopped: &Arc<AtomicBool>,
) -> Result<Compared, Failure> {
    let database_source = DatabaseSource::share(settings, NewCluster::Refused)?;
    let compared = compare_in(settings, database_source.reading_urls(), task, request, is_stopped).await;
    let stopped = database_source.stop();
    let compared = compared?;
    stopped?;
    Ok(compared)
}

/// An annotation request that a replica does not know is read from the primary.
async fn compare_in(
    settings: &Settings,
    urls: Vec<String>,
    task: &Arc<Task>,
    request: &AnnotationRequestId,
    is_stopped: &Arc<AtomicBool>,
) -> Result<Compared, Failure> {
    let requests =
        AnnotationRequestIds::new(vec![request.clone()]).map_err(|error| Failure::Input(error.to_string()))?;
    let mut unknown = None;
    for url in urls {
        let database = Database::new(settings.export_connections(url), settings.export_limits());
        let recorded =
            RecordedRequest { database: database.map_err(ApplicationError::from)?, request, requests: &requests };
        match recorded.summary().await {
            Ok(summary) => return recorded.compare(task, summary, is_stopped).await,
            Err(error @ RepositoryError::UnknownAnnotationRequests(_)) => unknown = Some(unread(&error)),
            Err(error) => return Err(unread(&error)),
        }
    }
    Err(unknown.unwrap_or_else(|| Failure::Unavailable("there is no database".into())))
}

fn unread(error: &RepositoryError) -> Failure {
    if matches!(error, RepositoryError::UnknownAnnotationRequests(_)) {
        return Failure::Input(error.to_string());
    }
    Failure::Unavailable(format!("nothing was compared: {}", ErrorChain(error)))
}

/// A request of a database.
struct RecordedRequest<'a> {
    database: Database,
    request: &'a AnnotationRequestId,
    /// That one.
    requests: &'a AnnotationRequestIds,
}

impl RecordedRequest<'_> {
    async fn summary(&self) -> Result<Summary, RepositoryError> {
        let summaries = PostgresSummaryRepository::new(self.database.clone());
        summaries.summarize(self.requests, &SummaryQuery::of(TaskFilter::default()), &CampaignScope::All).await
    }

    async fn taxonomy(&self) -> Result<Taxonomy, Failure> {
        let taxonomies = PostgresTaxonomyRepository::new(self.database.clone(), self.database.clone());
        let kept = taxonomies.find(self.request, &CampaignScope::All).await;
        kept.map(|kept| kept.taxonomy).map_err(|error| {
            if matches!(error, RegistryError::UnknownAnnotationRequest(_)) {
                return Failure::Input(error.to_string());
            }
            Failure::Unavailable(format!("nothing was compared: {}", ErrorChain(&error)))
        })
    }

    async fn compare(
        &self,
        task: &Arc<Task>,
        summary: Summary,
        is_stopped: &Arc<AtomicBool>,
    ) -> Result<Compared, Failure> {
        let names = names(summary.items().iter().map(|item| &item.key), &self.taxonomy().await?);
        let sheet = self.sheet(task, &names).await?;
        let is_of_tasks = sheet.is_of_tasks();
        let mut comparison = Comparison::new(sheet, names, Outputs::open(task)?);
        if is_of_tasks {
            let (state, finished) = self.compare_tasks(task, comparison, is_stopped).await?;
            return Compared::new(task, Ok(finished), state);
        }
        comparison.take_sums(&summary).map_err(|error| failed(task, &error))?;
        Compared::new(task, comparison.finish(), state(&summary))
    }

    /// Reads the sheet on a thread that may block.
    async fn sheet(&self, task: &Arc<Task>, names: &ItemNames) -> Result<Sheet, Failure> {
        let (task, names) = (Arc::clone(task), names.clone());
        let read = spawn_blocking(move || task.sheet.read(None, &names)).await;
        read.map_err(std::io::Error::other).map_err(ApplicationError::from)?
    }

    async fn compare_tasks(
        &self,
        task: &Task,
        comparison: Comparison<Outputs>,
        is_stopped: &Arc<AtomicBool>,
    ) -> Result<(Against, Finished), Failure> {
        let (finished, progress) = (Arc::<Mutex<Option<_>>>::default(), progress());
        let target = Comparing {
            comparison: Some(comparison),
            state: None,
            progress: progress.clone(),
            taken: 0,
            is_stopped: Arc::clone(is_stopped),
            finished: Arc::clone(&finished),
        };
        let exporter = PostgresStatisticsExporter::new(self.database.clone());
        let filter = TaskFilter::default();
        let done = exporter.export(self.requests, &filter, &CampaignScope::All, Box::new(target)).await;
        progress.finish_and_clear();
        done.map_err(|error| match error {
            ExportError::Repository(error) => unread(&error),
            ExportError::Target(error) => failed(task, &error),
        })?;
        let finished = finished.lock().unwrap_or_else(PoisonError::into_inner).take();
        finished.ok_or_else(|| Failure::Unavailable("the comparison did not end".into()))
    }
}

/// What the sheet is compared with.
fn state(summary: &Summary) -> Against {
    let request = summary.requests().iter().map(|(request, _)| request).next();
    let name = request
        .map(|request| format!("the annotation request `{}`, revision {}", request.id, request.revision.number()));
    Against { name: name.unwrap_or_default(), revision: request.map(|request| request.revision) }
}

fn progress() -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {human_pos} tasks, {per_sec}, {eta} left");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// What a comparison comes to, and what took its values.
type Finished = (Reconciliation, Outputs);

/// Takes the tasks of an export for a comparison, with a progress bar; a signal stops it.
struct Comparing {
    comparison: Option<Comparison<Outputs>>,
    state: Option<Against>,
    progress: ProgressBar,
    taken: u64,
    is_stopped: Arc<AtomicBool>,
    finished: Arc<Mutex<Option<(Against, Finished)>>>,
}

impl ExportTarget for Comparing {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        self.progress.set_length(summary.totals().tasks);
        self.state = Some(state(summary));
        Ok(())
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        if self.is_stopped.load(Ordering::Acquire) {
            return Err("it was stopped".into());
        }
        self.taken += 1;
        if self.taken.is_multiple_of(TASKS_PER_UPDATE) {
            self.progress.set_position(self.taken);
        }
        self.comparison.as_mut().map_or(Ok(()), |comparison| comparison.take(&task.statistics))
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        if let Some((state, comparison)) = self.state.take().zip(self.comparison.take()) {
            let finished = (state, comparison.finish()?);
            *self.finished.lock().unwrap_or_else(PoisonError::into_inner) = Some(finished);
        }
        Ok(())
    }
}
