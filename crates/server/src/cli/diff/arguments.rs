//! The arguments of `diff`, checked before anything is read.

use crate::cli::failure::Failure;
use crate::cli::output_file::OutputFile;
use crate::input::InputSource;
use annotation_statistics_domain::{AnnotationRequestId, ErrorChain, StatementName};
use annotation_statistics_statements::{DiffError, Side};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// In front of the name of a statement of the database.
const STATEMENT: &str = "statement:";
const NOW: &str = "now";

/// What to compare, and how.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The earlier state: a file of rows, such as that of a statement, plain, .gz or .zst; or statement:NAME of the database
    #[arg(value_name = "FROM")]
    pub from: String,
    /// The later state: the same, or now, which is what is recorded in the database
    #[arg(value_name = "TO")]
    pub to: String,
    /// The annotation request of statement:NAME and of now
    #[arg(long, value_name = "ID")]
    pub annotation_request_id: Option<String>,
    /// Write all tasks that differ to this file as CSV, a line for each count; it appears when it is complete
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Start that file with a byte order mark, by which Excel knows that it is UTF-8
    #[arg(long, requires = "output")]
    pub bom: bool,
    /// Print one JSON object: the sums, and the first 1,000 tasks that differ
    #[arg(long)]
    pub json: bool,
}

/// What is to be done.
pub(super) struct Task {
    pub(super) from: State,
    pub(super) to: State,
    /// The request of the states that are in the database; none where both are files.
    pub(super) request: Option<AnnotationRequestId>,
    pub(super) output: OutputFile,
    /// Whether there is an output.
    pub(super) is_written: bool,
    pub(super) byte_order_mark: bool,
}

/// A state that is compared.
pub(super) enum State {
    File(InputSource),
    Statement(StatementName),
    Now,
}

impl State {
    fn parse(text: &str, argument: &str) -> Result<Self, Failure> {
        if text == NOW {
            return Ok(Self::Now);
        }
        let Some(name) = text.strip_prefix(STATEMENT) else { return Ok(Self::File(InputSource::File(text.into()))) };
        let name = StatementName::new(name);
        name.map(Self::Statement)
            .map_err(|why| Failure::CommandLine(format!("{argument}: the name of a statement {why}")))
    }

    /// What it is called in a sentence.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(input) => input.name(),
            Self::Statement(name) => format!("statement {name}"),
            Self::Now => "now".to_owned(),
        }
    }

    fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }
}

impl DiffArguments {
    pub(super) fn task(&self) -> Result<Task, Failure> {
        self.check_output()?;
        let refused = |why: &str| Err(Failure::CommandLine(why.to_owned()));
        let (from, to) = (State::parse(&self.from, "FROM")?, State::parse(&self.to, "TO")?);
        if matches!(from, State::Now) {
            return refused("FROM: now is the later state: give it second");
        }
        let request = self.annotation_request_id.as_deref().map(AnnotationRequestId::new).transpose();
        let request = request.map_err(|error| Failure::CommandLine(format!("--annotation-request-id: {error}")))?;
        match (from.is_file() && to.is_file(), &request) {
            (true, Some(_)) => return refused("--annotation-request-id: both are files, and no database is read"),
            (false, None) => return refused("--annotation-request-id: statements and now are those of one request"),
            _ => {}
        }
        Ok(Task {
            from,
            to,
            request,
            output: OutputFile::new(self.output.as_deref()),
            is_written: self.output.is_some(),
            byte_order_mark: self.bom,
        })
    }

    /// The output must not be one of the inputs, nor standard output, which has the report.
    fn check_output(&self) -> Result<(), Failure> {
        let Some(output) = &self.output else { return Ok(()) };
        let refused = |why: &str| Err(Failure::CommandLine(format!("-o {}: {why}", output.display())));
        if output == Path::new("-") {
            return refused("it must be a file: standard output has the report");
        }
        let extension = output.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        if extension.is_some_and(|extension| extension != "csv") {
            return refused("the differences are CSV: end its name with csv");
        }
        let same = |input: &String| fs::canonicalize(input).ok().zip(fs::canonicalize(output).ok());
        if [&self.from, &self.to].into_iter().filter_map(same).any(|(input, output)| input == output) {
            return refused("it is one of the files that are read");
        }
        Ok(())
    }
}

impl Task {
    /// Why a comparison failed, by the names of what was compared.
    pub(super) fn failed(&self, error: &DiffError) -> Failure {
        let name = |side: Side| if side == Side::From { self.from.name() } else { self.to.name() };
        Failure::Input(match error {
            DiffError::Unread { side, cause } => format!("{}: {}", name(*side), ErrorChain(cause.as_ref())),
            DiffError::Row { side, row, cause } => format!("{}: row {row}: {}", name(*side), cause.without_line()),
            DiffError::Order { side, row, task } => format!(
                "{}: row {row}: the task {task} is not behind the one before: rows must be in ascending order of the ids, as those \
                 of a statement are",
                name(*side)
            ),
            DiffError::SumsDisagree => error.to_string(),
            DiffError::Untaken(cause) => {
                format!("{} is not complete: {}", self.output.name(), ErrorChain(cause.as_ref()))
            }
        })
    }
}
