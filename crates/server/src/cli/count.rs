//! `annotation-statistics count`

mod count_line;
mod summary;

use super::failure::Failure;
use crate::input::{
    AnnotationFileArguments, AnnotationFileRemarks, AnnotationFileTasks, EarlierTasks, InputError, InputSource,
    TaskSource,
};
use crate::terminal::remark;
use annotation_statistics_exports::write_line;
use annotation_statistics_formats::TaskCounts;
use clap::Args;
use count_line::write_count_line;
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
    } else if arguments.annotation_files.names_request_or_stage() {
        print_lines(&TaskSource::new(&arguments.annotation_files, &inputs)?, &inputs, &mut out)
    } else {
        print_counts(arguments, &inputs, &mut out)
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

/// Lines of what an annotation file itself knows.
fn print_counts(arguments: &CountArguments, inputs: &[InputSource], out: &mut impl Write) -> Result<(), Stop> {
    let (rule, earlier) = (arguments.annotation_files.rule(), EarlierTasks::none_of(inputs));
    for input in inputs {
        count_each(arguments, input, earlier.clone(), |task| Ok(write_count_line(out, task, &rule)?))?;
    }
    remark("to import these tasks, name their request: --annotation-request-id and --campaign-id");
    Ok(())
}

fn summarize(arguments: &CountArguments, inputs: &[InputSource], out: &mut impl Write) -> Result<(), Stop> {
    let (mut summary, earlier) = (CountSummary::default(), EarlierTasks::none_of(inputs));
    for input in inputs {
        count_each(arguments, input, earlier.clone(), |task| {
            summary.add(task).ok_or_else(|| Stop::Input("there is too much to count".into()))
        })?;
    }
    Ok(write!(out, "{summary}")?)
}

fn count_each(
    arguments: &CountArguments,
    input: &InputSource,
    earlier: EarlierTasks,
    mut each: impl FnMut(&TaskCounts) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let (progress, compressed) = input.open().map_err(|error| stop(input, &error.into()))?;
    let options = arguments.annotation_files.read_options(input);
    let remarks = AnnotationFileRemarks::default();
    let tasks = AnnotationFileTasks::begin(compressed, &options, remarks.clone(), earlier, Arc::new(input.clone()));
    for task in progress.count_tasks(tasks.map_err(|error| stop(input, &error))?) {
        each(&task.map_err(|error| stop(input, &error))?)?;
    }
    progress.finish();
    remarks.lines(input).iter().for_each(remark);
    Ok(())
}

fn stop(input: &InputSource, error: &InputError) -> Stop {
    Stop::Input(error.of(&input.name()))
}
