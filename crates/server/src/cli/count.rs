//! `annotation-statistics count`

mod summary;

use super::failure::Failure;
use crate::input::{
    AnnotationFileArguments, AnnotationFileRemarks, AnnotationFileTasks, EarlierTasks, InputError, InputSource,
    TaskSource,
};
use crate::terminal::remark;
use annotation_statistics_exports::write_line;
use clap::Args;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;
use summary::CountSummary;

/// What to count, and how.
#[derive(Debug, Args)]
pub struct CountArguments {
    /// Annotation files of COCO, Label Studio, CVAT, OpenLABEL, Scalabel, Datumaro or the platform, plain, .gz or .zst; "-" or
    /// none for standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print totals for people instead
    #[arg(long)]
    pub summary: bool,
    /// How they are read, and the request of their tasks
    #[command(flatten)]
    pub annotation_files: AnnotationFileArguments,
}

/// Why counting ends early.
enum Stop {
    /// The input is invalid.
    Input(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

pub(super) fn count(arguments: &CountArguments) -> Result<(), Failure> {
    let inputs = InputSource::all(&arguments.files);
    arguments.annotation_files.check_source_name(&inputs)?;
    refuse_duplicates(&inputs)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let done = if arguments.summary {
        summarize(arguments, &inputs, &mut out)
    } else {
        let source = TaskSource::new(&arguments.annotation_files, &inputs)?;
        if source.rule().is_none() {
            let reason = "lines need --annotation-request-id and --campaign-id; totals need only --summary";
            return Err(Failure::CommandLine(reason.into()));
        }
        print_lines(&source, &inputs, &mut out)
    };
    match done.and_then(|()| Ok(out.flush()?)) {
        Ok(()) => Ok(()),
        Err(Stop::Input(error)) => Err(Failure::Input(error)),
        // The reader of the pipe has read enough, as `head` does.
        Err(Stop::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Stop::Output(error)) => Err(Failure::Input(format!("the output cannot be written: {error}"))),
    }
}

/// An import records a file that is named twice once; totals would include it twice.
fn refuse_duplicates(inputs: &[InputSource]) -> Result<(), Failure> {
    let is_repeated = |(index, input): &(usize, &InputSource)| inputs.iter().take(*index).any(|other| other == *input);
    match inputs.iter().enumerate().find(is_repeated) {
        Some((_, twice)) => {
            Err(Failure::CommandLine(format!("{} is named twice: it would be counted twice", twice.name())))
        }
        None => Ok(()),
    }
}

fn print_lines(source: &TaskSource, inputs: &[InputSource], out: &mut impl Write) -> Result<(), Stop> {
    for input in inputs {
        match print_lines_of(source, input, out) {
            Err(Stop::Input(error)) => {
                // A line that an import refuses, so that a pipe never records half a file. It fails only where no reader is
                // left.
                let _ = writeln!(out, "incomplete: {error}").and_then(|()| out.flush());
                return Err(Stop::Input(error));
            }
            other => other?,
        }
    }
    Ok(())
}

fn print_lines_of(source: &TaskSource, input: &InputSource, out: &mut impl Write) -> Result<(), Stop> {
    let opened = source.open(input).map_err(|error| stop(input, &error))?;
    for task in opened.tasks {
        write_line(out, &task.map_err(|error| stop(input, &error))?)?;
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
    let (progress, compressed) = input.open().map_err(|error| stop(input, &error.into()))?;
    let options = arguments.annotation_files.read_options(input);
    let remarks = AnnotationFileRemarks::default();
    let tasks = AnnotationFileTasks::begin(compressed, &options, remarks.clone(), earlier, Arc::new(input.clone()));
    let tasks = tasks.map_err(|error| stop(input, &error))?;
    for task in progress.count_tasks(tasks) {
        let task = task.map_err(|error| stop(input, &error))?;
        summary.add(&task).ok_or_else(|| Stop::Input("there is too much to count".into()))?;
    }
    progress.finish();
    remarks.lines(input).iter().for_each(remark);
    Ok(())
}

fn stop(input: &InputSource, error: &InputError) -> Stop {
    Stop::Input(error.of(&input.name()))
}
