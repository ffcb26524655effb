//! `annotation-statistics count`

mod summary;

use super::failure::Failure;
use crate::input::{
    AnnotationFileArguments, AnnotationFileRemarks, AnnotationFileTasks, EarlierTasks, InputError, InputSource,
    TaskSource,
};
use crate::terminal::remark;
use annotation_statistics_formats::write_line;
use clap::Args;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;
use summary::CountSummary;

/// What to count, and how.
#[derive(Debug, Args)]
pub struct CountArguments {
    /// Exports of COCO, Label Studio, CVAT, OpenLABEL, Scalabel, Datumaro or the platform, plain, .gz or .zst; "-" or none
    /// for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print totals for people instead
    #[arg(long)]
    pub summary: bool,
    /// How they are read, and where their tasks belong
    #[command(flatten)]
    pub exports: AnnotationFileArguments,
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

pub(super) fn count(arguments: &CountArguments) -> Result<(), Failure> {
    let inputs = InputSource::all(&arguments.files);
    arguments.exports.check_source_name(&inputs)?;
    refuse_duplicates(&inputs)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let done = if arguments.summary {
        summarize(arguments, &inputs, &mut out)
    } else {
        let source = TaskSource::new(&arguments.exports, &inputs)?;
        if source.rule().is_none() {
            let reason = "lines need --annotation-request-id and --campaign-id; totals need only --summary";
            return Err(Failure::CommandLine(reason.into()));
        }
        print_lines(&source, &inputs, &mut out)
    };
    match done.and_then(|()| Ok(out.flush()?)) {
        Ok(()) => Ok(()),
        Err(Stop::Fault(fault)) => Err(Failure::Input(fault)),
        // Whoever read the lines has seen enough.
        Err(Stop::Output(fault)) if fault.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Stop::Output(fault)) => Err(Failure::Input(format!("the output cannot be written: {fault}"))),
    }
}

/// An import takes a file that is named twice once; a sum would have it twice.
fn refuse_duplicates(inputs: &[InputSource]) -> Result<(), Failure> {
    let earlier = |(index, input): &(usize, &InputSource)| inputs.iter().take(*index).any(|other| other == *input);
    match inputs.iter().enumerate().find(earlier) {
        Some((_, twice)) => {
            Err(Failure::CommandLine(format!("{} is named twice: it would be counted twice", twice.name())))
        }
        None => Ok(()),
    }
}

fn print_lines(source: &TaskSource, inputs: &[InputSource], out: &mut impl Write) -> Result<(), Stop> {
    for input in inputs {
        match print_lines_of(source, input, out) {
            Err(Stop::Fault(fault)) => {
                // A line that an import refuses, so that a pipe never records half a file. Where it cannot be written,
                // nobody reads.
                let _ = writeln!(out, "incomplete: {fault}").and_then(|()| out.flush());
                return Err(Stop::Fault(fault));
            }
            other => other?,
        }
    }
    Ok(())
}

fn print_lines_of(source: &TaskSource, input: &InputSource, out: &mut impl Write) -> Result<(), Stop> {
    let opened = source.open(input).map_err(|fault| stop(input, &fault))?;
    for task in opened.tasks {
        write_line(out, &task.map_err(|fault| stop(input, &fault))?)?;
    }
    opened.progress.finish();
    opened.remarks.lines(input).iter().for_each(remark);
    Ok(())
}

fn summarize(arguments: &CountArguments, inputs: &[InputSource], out: &mut impl Write) -> Result<(), Stop> {
    let (mut summary, earlier) = (CountSummary::default(), EarlierTasks::none_of(inputs));
    for input in inputs {
        summarize_one(arguments, input, earlier.clone(), &mut summary)?;
    }
    Ok(write!(out, "{summary}")?)
}

fn summarize_one(
    arguments: &CountArguments,
    input: &InputSource,
    earlier: EarlierTasks,
    summary: &mut CountSummary,
) -> Result<(), Stop> {
    let (progress, packed) = input.open().map_err(|fault| stop(input, &fault.into()))?;
    let options = arguments.exports.read_options(input);
    let remarks = AnnotationFileRemarks::default();
    let tasks = AnnotationFileTasks::begin(packed, &options, remarks.clone(), earlier, Arc::new(input.clone()));
    let tasks = tasks.map_err(|fault| stop(input, &fault))?;
    for task in progress.count_tasks(tasks) {
        let task = task.map_err(|fault| stop(input, &fault))?;
        summary.add(&task).ok_or_else(|| Stop::Fault("there is too much to count".into()))?;
    }
    progress.finish();
    remarks.lines(input).iter().for_each(remark);
    Ok(())
}

fn stop(input: &InputSource, fault: &InputError) -> Stop {
    Stop::Fault(fault.of(&input.name()))
}
