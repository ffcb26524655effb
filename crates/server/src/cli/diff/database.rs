//! States of the database.

use super::arguments::{State, Task};
use super::compared::Compared;
use super::outputs::Outputs;
use super::rows::{Frames, Rows};
use crate::cli::failure::Failure;
use crate::service::{ApplicationError, DatabaseSource, NewCluster};
use crate::settings::Settings;
use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, CampaignScope, ErrorChain, ExportError, ExportTarget, RecordedTask, RepositoryError,
    StatementError, StatementName, StatementNumber, StatementRepository, StatisticsExporter, Summary,
};
use annotation_statistics_exports::write_line;
use annotation_statistics_statements::{Comparison, DiffError, Envelope, KnownSums, Side};
use annotation_statistics_storage::{Database, PostgresStatementRepository, PostgresStatisticsExporter};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::spawn_blocking;

/// How often, in tasks, the progress is updated.
const TASKS_PER_UPDATE: u64 = 1_000;

/// Compares with states of the database, which is always the primary: a replica may not have the latest.
pub(super) async fn compare(
    settings: &Settings,
    task: &Arc<Task>,
    request: &AnnotationRequestId,
    is_stopped: &Arc<AtomicBool>,
) -> Result<Compared, Failure> {
    let database_source = DatabaseSource::share(settings, NewCluster::Refused)?;
    let opened = States::open(settings, &database_source.url(), task, request, is_stopped);
    let compared = match opened {
        Ok(states) => states.compare().await,
        Err(error) => Err(error),
    };
    let stopped = database_source.stop();
    let compared = compared?;
    stopped?;
    Ok(compared)
}

/// The states of a request of the database.
struct States<'a> {
    statements: PostgresStatementRepository,
    /// On a connection of its own, which it keeps while statements are read.
    exporter: PostgresStatisticsExporter,
    task: &'a Arc<Task>,
    request: &'a AnnotationRequestId,
    is_stopped: &'a Arc<AtomicBool>,
}

/// A side before its rows are read.
enum Opened {
    File,
    Statement(StatementNumber, KnownSums),
}

impl<'a> States<'a> {
    fn open(
        settings: &Settings,
        url: &str,
        task: &'a Arc<Task>,
        request: &'a AnnotationRequestId,
        is_stopped: &'a Arc<AtomicBool>,
    ) -> Result<Self, Failure> {
        let database = || Database::new(settings.export_connections(url.to_owned()), settings.export_limits());
        let [kept, read] = [database(), database()].map(|database| database.map_err(ApplicationError::from));
        let kept = kept?;
        let statements = PostgresStatementRepository::new(kept.clone(), kept);
        Ok(Self { statements, exporter: PostgresStatisticsExporter::new(read?), task, request, is_stopped })
    }

    async fn compare(&self) -> Result<Compared, Failure> {
        let from = self.find(&self.task.from).await?;
        if matches!(self.task.to, State::Now) {
            return self.compare_with_now(from).await;
        }
        let to = self.find(&self.task.to).await?;
        let known = from.known().zip(to.known()).map(|(from, to)| [from, to]);
        let (task, is_stopped) = (Arc::clone(self.task), Arc::clone(self.is_stopped));
        let (from, to) = (self.rows(&from), self.rows(&to));
        let compare = move || {
            let from = from(&task, &task.from, &is_stopped)?;
            let comparison =
                Comparison::new(from, known, Outputs::open(&task)?).map_err(|error| task.failed(&error))?;
            Compared::new(&task, comparison, to(&task, &task.to, &is_stopped)?)
        };
        spawn_blocking(compare).await.map_err(std::io::Error::other).map_err(ApplicationError::from)?
    }

    async fn find(&self, state: &State) -> Result<Opened, Failure> {
        let State::Statement(name) = state else { return Ok(Opened::File) };
        let statement = self.statements.find(self.request, name, &CampaignScope::All).await;
        let statement = statement.map_err(|error| unread(&error))?;
        let envelope = Envelope::parse(&statement.body).map_err(|error| corrupt(name, &error))?;
        Ok(Opened::Statement(statement.head.number, envelope.into()))
    }

    /// Opens the rows of a side, on a thread that may block.
    fn rows(
        &self,
        side: &Opened,
    ) -> impl FnOnce(&Task, &State, &Arc<AtomicBool>) -> Result<Rows, Failure> + Send + use<> {
        let (statements, request) = (self.statements.clone(), self.request.clone());
        let frames = match side {
            Opened::File => None,
            Opened::Statement(number, _) => Some(Frames::new(statements, request, *number)),
        };
        move |task, state, is_stopped| {
            let side = if std::ptr::eq(state, &raw const task.from) { Side::From } else { Side::To };
            match frames {
                None => Rows::of_file(state, is_stopped),
                Some(frames) => Rows::of_statement(frames, is_stopped)
                    .map_err(|cause| task.failed(&DiffError::Unread { side, cause })),
            }
        }
    }

    async fn compare_with_now(&self, from: Opened) -> Result<Compared, Failure> {
        let (progress, done) = (progress(), Arc::<Mutex<Option<_>>>::default());
        let target = Now {
            known: from.known(),
            begin: Some(Box::new(self.rows(&from))),
            comparison: None,
            task: Arc::clone(self.task),
            is_stopped: Arc::clone(self.is_stopped),
            progress: progress.clone(),
            taken: 0,
            line: Vec::new(),
            done: Arc::clone(&done),
        };
        let exported = self.exporter.export_by_task_id(self.request, &CampaignScope::All, Box::new(target)).await;
        progress.finish_and_clear();
        let compared = done.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (exported, compared) {
            (Err(ExportError::Repository(error @ RepositoryError::UnknownAnnotationRequests(_))), _) => {
                Err(Failure::Input(error.to_string()))
            }
            (Err(ExportError::Repository(error)), _) => {
                Err(Failure::Unavailable(format!("nothing was compared: {}", ErrorChain(&error))))
            }
            (_, Some(compared)) => compared,
            (Err(ExportError::Target(error)), None) => Err(Failure::Input(ErrorChain(error.as_ref()).to_string())),
            (Ok(()), None) => Err(Failure::Unavailable("the comparison did not end".into())),
        }
    }
}

impl Opened {
    fn known(&self) -> Option<KnownSums> {
        match self {
            Self::File => None,
            Self::Statement(_, sums) => Some(sums.clone()),
        }
    }
}

fn unread(error: &StatementError) -> Failure {
    match error {
        StatementError::UnknownAnnotationRequest(_) | StatementError::UnknownStatement { .. } => {
            Failure::Input(error.to_string())
        }
        StatementError::UnknownKey(_)
        | StatementError::KeyRetired(_)
        | StatementError::Format(_)
        | StatementError::Unavailable(_)
        | StatementError::OutcomeUnknown(_)
        | StatementError::Corrupt { .. } => {
            Failure::Unavailable(format!("nothing was compared: {}", ErrorChain(error)))
        }
    }
}

fn corrupt(name: &StatementName, error: &dyn std::error::Error) -> Failure {
    Failure::Unavailable(format!("nothing was compared: statement {name}: {error}"))
}

fn progress() -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {human_pos} tasks, {per_sec}, {eta} left");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

type Begin = Box<dyn FnOnce(&Task, &State, &Arc<AtomicBool>) -> Result<Rows, Failure> + Send>;

/// Takes the tasks of now, with a progress bar; a signal stops it.
struct Now {
    known: Option<KnownSums>,
    begin: Option<Begin>,
    comparison: Option<Comparison<Rows, Outputs>>,
    task: Arc<Task>,
    is_stopped: Arc<AtomicBool>,
    progress: ProgressBar,
    taken: u64,
    line: Vec<u8>,
    done: Arc<Mutex<Option<Result<Compared, Failure>>>>,
}

/// The reason is kept apart, as a failure of the command.
#[derive(Debug, thiserror::Error)]
#[error("the comparison ended")]
struct Ended;

impl Now {
    fn end(&self, done: Result<Compared, Failure>) {
        *self.done.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
    }

    fn hold<T>(&self, done: Result<T, Failure>) -> Result<T, BoxError> {
        done.map_err(|failure| {
            self.end(Err(failure));
            Ended.into()
        })
    }

    fn compare(&self, summary: &Summary, begin: Begin) -> Result<Comparison<Rows, Outputs>, Failure> {
        let from = begin(&self.task, &self.task.from, &self.is_stopped)?;
        let known = self.known.clone().map(|from| [from, summary.into()]);
        Comparison::new(from, known, Outputs::open(&self.task)?).map_err(|error| self.task.failed(&error))
    }
}

impl ExportTarget for Now {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        self.progress.set_length(summary.totals().tasks);
        let begin = self.begin.take().ok_or(Ended)?;
        self.comparison = Some(self.hold(self.compare(summary, begin))?);
        Ok(())
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        self.taken += 1;
        if self.taken.is_multiple_of(TASKS_PER_UPDATE) {
            self.progress.set_position(self.taken);
        }
        if self.is_stopped.load(Ordering::Acquire) {
            return Err("it was stopped".into());
        }
        self.line.clear();
        write_line(&mut self.line, task)?;
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let taken = self.comparison.as_mut().ok_or(Ended)?.take(line);
        self.hold(taken.map_err(|error| self.task.failed(&error)))
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        let finished = self.comparison.take().ok_or(Ended)?.finish();
        let finished = finished.map_err(|error| self.task.failed(&error));
        let (diff, outputs) = self.hold(finished)?;
        self.end(outputs.close(&self.task).map(|first| Compared { diff, first }));
        Ok(())
    }
}
