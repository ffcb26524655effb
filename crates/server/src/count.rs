//! `annotation-statistics count`

use crate::count_summary::CountSummary;
use crate::import_input::{ImportInput, unpacked};
use crate::import_progress::ImportProgress;
use crate::terminal::remark;
use crate::{CountArguments, Failure};
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, Place, PoolName, PoolType, RecordedTask, TaskStatus,
};
use annotation_statistics_formats::{CountingRule, ReadOptions, Report, TaskCounts, TaskStage, read, write_line};
use std::io::{self, BufWriter, ErrorKind, Write};

/// Where the counted lines or the summary go.
enum Output<'a> {
    Lines { out: BufWriter<io::StdoutLock<'a>>, request: AnnotationRequestId, stage: TaskStage, written: u64 },
    Summary(CountSummary),
}

/// What ends counting early.
enum Stop {
    /// Something is wrong with the input.
    Fault(String),
    /// The lines cannot be written.
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(fault: io::Error) -> Self {
        Self::Output(fault)
    }
}

pub(crate) fn count(arguments: &CountArguments) -> Result<(), Failure> {
    let mut output = Output::new(arguments)?;
    let mut report = Report::default();
    for input in ImportInput::all(&arguments.files) {
        match count_one(arguments, &input, &mut output) {
            Ok(of_one) => report.merge(&of_one),
            Err(Stop::Fault(fault)) => return Err(output.spoil(format!("{}: {fault}", input.name()))),
            // Whoever read the lines has seen enough.
            Err(Stop::Output(fault)) if fault.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(Stop::Output(fault)) => return Err(Failure::Input(format!("the lines cannot be written: {fault}"))),
        }
    }
    output.finish().map_err(|fault| Failure::Input(format!("the lines cannot be written: {fault}")))?;
    if !report.is_empty() {
        remark(report.to_string().trim_end());
    }
    Ok(())
}

fn count_one(arguments: &CountArguments, input: &ImportInput, output: &mut Output<'_>) -> Result<Report, Stop> {
    let unreadable = |fault: &dyn std::fmt::Display| Stop::Fault(fault.to_string());
    let (raw, size) = input.open().map_err(|fault| unreadable(&fault))?;
    let progress = ImportProgress::start(&input.name(), size);
    let bytes = unpacked(progress.reading(raw)).map_err(|fault| unreadable(&fault))?;
    let options = ReadOptions { format: arguments.format, rule: arguments.count, source_name: Some(input.file_name()) };
    let mut tasks = read(bytes, &options).map_err(|fault| unreadable(&fault))?;
    for task in progress.count_tasks(&mut tasks) {
        output.add(task.map_err(|fault| unreadable(&fault))?, arguments.count)?;
    }
    progress.finish();
    Ok(tasks.report().clone())
}

impl Output<'_> {
    fn new(arguments: &CountArguments) -> Result<Self, Failure> {
        if arguments.summary {
            return Ok(Self::Summary(CountSummary::default()));
        }
        let refused = |option: &str, fault: &dyn std::fmt::Display| Failure::Input(format!("--{option} {fault}"));
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let request = AnnotationRequestId::new(text(&arguments.annotation_request_id))
            .map_err(|fault| refused("annotation-request-id", &fault))?;
        let stage = TaskStage {
            campaign_id: CampaignId::new(text(&arguments.campaign_id))
                .map_err(|fault| refused("campaign-id", &fault))?,
            pool_name: PoolName::new(arguments.pool_name.as_str()).map_err(|fault| refused("pool-name", &fault))?,
            pool_type: PoolType::try_from(arguments.pool_type).map_err(|fault| refused("pool-type", &fault))?,
            status: TaskStatus::from(arguments.status),
        };
        Ok(Self::Lines { out: BufWriter::new(io::stdout().lock()), request, stage, written: 0 })
    }

    fn add(&mut self, task: TaskCounts, rule: CountingRule) -> Result<(), Stop> {
        match self {
            Self::Summary(summary) => {
                summary.add(&task).ok_or_else(|| Stop::Fault("there is too much to count".into()))
            }
            Self::Lines { out, request, stage, written } => {
                let id = task.id;
                let statistics =
                    task.into_statistics(stage).map_err(|fault| Stop::Fault(format!("task {id}: {fault}")))?;
                *written += 1;
                let task = RecordedTask {
                    place: Place::from(*written),
                    annotation_request_id: request.clone(),
                    counting_rule: Some(rule.name()),
                    statistics,
                };
                Ok(write_line(out, &task)?)
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Lines { mut out, .. } => out.flush(),
            Self::Summary(summary) => write!(io::stdout().lock(), "{summary}"),
        }
    }

    /// Ends the lines with one that an import refuses, so that a pipe never records half a file.
    fn spoil(self, fault: String) -> Failure {
        if let Self::Lines { mut out, .. } = self {
            // Where it cannot be written, nobody reads.
            let _ = writeln!(out, "incomplete: {fault}").and_then(|()| out.flush());
        }
        Failure::Input(fault)
    }
}
