//! `annotation-statistics export`

mod filter;

use super::failure::Failure;
use super::output_file::OutputFile;
use super::stop_signals::StopSignals;
use crate::service::{ApplicationError, DatabaseSource, NewCluster};
use crate::settings::Settings;
use crate::terminal::remark;
use annotation_statistics_domain::{
    AnnotationRequestId, AnnotationRequestIds, BoxError, CampaignScope, CountingRuleName, ErrorChain, ExportError,
    ExportTarget, RecordedTask, RepositoryError, StatisticsExporter, Summary, TaskFilter,
};
use annotation_statistics_exports::{ExportFormat, ExportOptions, Layout, Provenance};
use annotation_statistics_storage::{Database, PostgresStatisticsExporter};
use clap::Args;
use filter::FilterArguments;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// How often, in tasks, the progress is updated.
const TASKS_PER_UPDATE: u64 = 1_000;

/// The most annotation requests that are listed with their states.
const LISTED: usize = 20;

const TIME_ZONE_HELP: &str = "The time zone in which xlsx and parquet say when they were made, besides UTC, such as \
                              Europe/Berlin [default: that of the setting page.time_zone]";

/// The number of tasks, and what they are of.
type Exported = (u64, Option<Provenance>);

/// What to export, and how.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// The annotation requests, in the order of their tasks in the file
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
    /// The format
    #[arg(long, value_name = "FORMAT", help = format_help())]
    pub format: Option<ExportFormat>,
    /// A line for each task (wide), or for each task and operation item (long) [default: wide]
    #[arg(long, value_name = "LAYOUT")]
    pub layout: Option<Layout>,
    /// Start csv with a byte order mark, by which Excel knows that it is UTF-8
    #[arg(long)]
    pub bom: bool,
    /// The file, which appears when it is complete; "-" or none for standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The time zone of the reader
    #[arg(long, value_name = "ZONE", value_parser = time_zone, help = TIME_ZONE_HELP)]
    pub time_zone: Option<TimeZone>,
    /// Which tasks
    #[command(flatten)]
    pub filter: FilterArguments,
}

impl ExportArguments {
    fn options(&self) -> Result<ExportOptions, Failure> {
        let format = self.format.map_or_else(|| self.format_by_name(), Ok)?;
        if self.layout.is_some() && !format.has_layouts() {
            return Err(Failure::CommandLine(format!("--layout is of tables; {format} has none")));
        }
        if self.bom && !format.has_byte_order_mark() {
            let marked = ExportFormat::names(ExportFormat::has_byte_order_mark);
            return Err(Failure::CommandLine(format!("--bom is for {marked}")));
        }
        Ok(ExportOptions { format, layout: self.layout.unwrap_or_default(), byte_order_mark: self.bom })
    }

    /// As the name of the file ends; one without an ending has the format that is the default.
    fn format_by_name(&self) -> Result<ExportFormat, Failure> {
        let path = self.output.as_deref().filter(|path| path.as_os_str() != "-");
        let Some((path, extension)) = path.and_then(|path| Some((path, path.extension()?))) else {
            return Ok(ExportFormat::default());
        };
        extension.to_string_lossy().to_lowercase().parse().map_err(|_| {
            let names = ExportFormat::names(|_| true);
            Failure::CommandLine(format!(
                "-o {}: no format of exports is called {}: end its name with {names}, or name the format with --format",
                path.display(),
                extension.to_string_lossy()
            ))
        })
    }

    /// UTC where neither an argument nor a setting names one.
    fn zone(&self, settings: &Settings) -> Result<TimeZone, Failure> {
        match (&self.time_zone, settings.page.time_zone.as_str()) {
            (Some(zone), _) => Ok(zone.clone()),
            (None, "") => Ok(TimeZone::UTC),
            (None, name) => time_zone(name).map_err(|why| Failure::CommandLine(format!("page.time_zone {why}"))),
        }
    }

    fn requests(&self) -> Result<AnnotationRequestIds, Failure> {
        let id = |id: &String| {
            let invalid = |error| Failure::CommandLine(format!("the annotation request {id:?} {error}"));
            AnnotationRequestId::new(id.as_str()).map_err(invalid)
        };
        let ids = self.ids.iter().map(id).collect::<Result<Vec<_>, _>>()?;
        AnnotationRequestIds::new(ids).map_err(|error| Failure::CommandLine(error.to_string()))
    }
}

fn time_zone(name: &str) -> Result<TimeZone, &'static str> {
    TimeZone::get(name).map_err(|_| "must be a time zone, such as Europe/Berlin")
}

/// The help of the command, from the table of formats.
pub(super) fn about() -> String {
    format!("Write all tasks of annotation requests to a file: {}", ExportFormat::titles())
}

fn format_help() -> String {
    let (names, default) = (ExportFormat::names(|_| true), ExportFormat::default());
    format!("{names}; without it, as the name of the file ends, or else {default}")
}

pub(super) async fn export(settings: &Settings, arguments: &ExportArguments) -> Result<(), Failure> {
    let (options, requests, filter) = (arguments.options()?, arguments.requests()?, arguments.filter.filter()?);
    let zone = arguments.zone(settings)?;
    // Handled from here on, so that a private database is never left running.
    let mut signals = StopSignals::listen().map_err(ApplicationError::from)?;
    let database_source = DatabaseSource::share(settings, NewCluster::Refused)?;
    let file = OutputFile::new(arguments.output.as_deref());
    let is_stopped = Arc::<AtomicBool>::default();
    let exporting =
        Exporting { settings, requests: &requests, filter, options, zone, file: &file, is_stopped: &is_stopped };
    let mut exporting = pin!(exporting.run(database_source.reading_urls()));
    let done = tokio::select! {
        done = &mut exporting => done,
        () = signals.next() => {
            is_stopped.store(true, Ordering::Release);
            // It ends with the next task, unless its output is blocked.
            tokio::select! {
                _ = &mut exporting => {}
                () = signals.next() => {}
            }
            Err(Failure::ExportStopped)
        }
    };
    if done.is_err() {
        file.discard();
    }
    let stopped = database_source.stop();
    done?;
    Ok(stopped?)
}

/// An export that runs.
struct Exporting<'a> {
    settings: &'a Settings,
    requests: &'a AnnotationRequestIds,
    filter: TaskFilter,
    options: ExportOptions,
    zone: TimeZone,
    file: &'a OutputFile,
    is_stopped: &'a Arc<AtomicBool>,
}

impl Exporting<'_> {
    /// Annotation requests that a replica does not know are exported from the primary.
    async fn run(self, urls: Vec<String>) -> Result<(), Failure> {
        let mut urls = urls.into_iter();
        let mut done = self.export_from(urls.next().unwrap_or_default()).await?;
        for url in urls {
            if is_unknown(&done) {
                done = self.export_from(url).await?;
            }
        }
        let (tasks, provenance) = done.map_err(|error| failure(&error, self.file))?;
        self.file.keep()?;
        report(tasks, provenance.as_ref(), self.file);
        Ok(())
    }

    /// Returns the number of tasks, and what was exported.
    async fn export_from(&self, url: String) -> Result<Result<Exported, ExportError>, Failure> {
        let connections = self.settings.export_connections(url);
        let database = Database::new(connections, self.settings.export_limits()).map_err(ApplicationError::from)?;
        let (progress, provenance) = (progress(), Arc::new(OnceLock::<Provenance>::new()));
        let (time, zone) = (OnceLock::new(), self.zone.clone());
        // Read once, so that the file and what is said of it have the same time.
        let now = move || Timestamp::now().to_zoned_datetime(zone.clone());
        let clock = Arc::new(move || time.get_or_init(&now).clone());
        let file_clock = Arc::clone(&clock);
        let target = WithProgress {
            target: self.options.target(move || file_clock(), self.file.open()?),
            progress: progress.clone(),
            taken: 0,
            is_stopped: Arc::clone(self.is_stopped),
            begun: Box::new({
                let provenance = Arc::clone(&provenance);
                move |summary| drop(provenance.set(Provenance::new(summary, clock())))
            }),
        };
        let exporter = PostgresStatisticsExporter::new(database);
        let done = exporter.export(self.requests, &self.filter, &CampaignScope::All, Box::new(target)).await;
        let tasks = progress.position();
        progress.finish_and_clear();
        Ok(done.map(|()| (tasks, provenance.get().cloned())))
    }
}

fn is_unknown<T>(done: &Result<T, ExportError>) -> bool {
    matches!(done, Err(ExportError::Repository(RepositoryError::UnknownAnnotationRequests(_))))
}

/// Says what was exported, and of which states.
fn report(tasks: u64, provenance: Option<&Provenance>, file: &OutputFile) {
    let Some(provenance) = provenance else { return };
    let local = provenance.exported_at_local_text().map(|local| format!(", {local}")).unwrap_or_default();
    let time = format!("{}{local}", provenance.exported_at_text());
    let filter = provenance.filter_text().map(|filter| format!(" with {filter}")).unwrap_or_default();
    remark(format_args!("exported {} tasks{filter} to {} as of {time}", HumanCount(tasks), file.name()));
    for request in provenance.requests.iter().take(LISTED) {
        let rule = request.counting_rule.as_ref().map_or("no stated rule", CountingRuleName::as_str);
        let changed = request.changed_at_text().unwrap_or_default();
        remark(format_args!("{}: revision {}, changed {changed}, {rule}", request.id, request.revision.number()));
    }
    if provenance.requests.len() > LISTED {
        remark(format_args!("... and {} more annotation requests", provenance.requests.len() - LISTED));
    }
}

fn failure(error: &ExportError, file: &OutputFile) -> Failure {
    let name = file.name();
    match error {
        ExportError::Repository(error @ RepositoryError::UnknownAnnotationRequests(_)) => {
            Failure::Input(error.to_string())
        }
        ExportError::Repository(error) => {
            Failure::Unavailable(format!("{name} is not complete: {}", ErrorChain(error)))
        }
        ExportError::Target(error) => Failure::Input(format!("{name} is not complete: {}", ErrorChain(error.as_ref()))),
    }
}

fn progress() -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {human_pos} tasks, {per_sec}, {eta} left");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// An export target with a progress bar, which a signal stops.
struct WithProgress {
    target: Box<dyn ExportTarget>,
    progress: ProgressBar,
    taken: u64,
    is_stopped: Arc<AtomicBool>,
    /// Notified with the sums of what follows.
    begun: Box<dyn Fn(&Summary) + Send>,
}

impl ExportTarget for WithProgress {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        self.progress.set_length(summary.totals().tasks);
        self.target.begin(summary)?;
        (self.begun)(summary);
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
        self.target.take(task)
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.progress.set_position(self.taken);
        self.target.finish()
    }
}
