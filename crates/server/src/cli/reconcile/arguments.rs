//! The arguments of `reconcile`, checked before anything is read.

use super::rows::Rows;
use super::sheet::SheetFile;
use crate::cli::failure::Failure;
use crate::cli::output_file::OutputFile;
use crate::input::{AnnotationFileArguments, InputSource};
use annotation_statistics_api::read_taxonomy;
use annotation_statistics_domain::{AnnotationRequestId, Taxonomy};
use annotation_statistics_formats::{AnnotationChoice, CountingRule, TaskIds};
use annotation_statistics_reconciliation::{CsvOptions, SheetFormat, SheetLimits, SheetOptions};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// What to compare, and how.
#[derive(Debug, Args)]
pub struct ReconcileArguments {
    /// The sheet of the client: CSV, XLSX or JSON Lines; "-" for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Compare with the tasks of these files, and use no database: JSON Lines as export writes them, or annotation files,
    /// which are counted; plain, .gz or .zst. They are read twice
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub rows: Vec<PathBuf>,
    /// The annotation request to compare with; with --rows only JSON Lines of several need it, and those of others are left
    /// out
    #[arg(long, value_name = "ID", required_unless_present = "rows")]
    pub annotation_request_id: Option<String>,
    /// With --rows, labels of operation items: the JSON that PUT .../taxonomy takes
    #[arg(long, value_name = "FILE", requires = "rows")]
    pub taxonomy: Option<PathBuf>,
    /// The worksheet of a workbook; without it, the first one that has a line of names
    #[arg(long, value_name = "NAME")]
    pub worksheet: Option<String>,
    /// The format of the sheet: csv, xlsx or jsonl; without it, as its first bytes say
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<SheetFormat>,
    /// Write all differences to this file as CSV; it appears when it is complete
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the values that agree to that file, too
    #[arg(long, requires = "output")]
    pub all: bool,
    /// Start that file with a byte order mark, by which Excel knows that it is UTF-8
    #[arg(long, requires = "output")]
    pub bom: bool,
    /// Print one JSON object, the data that the service responds with
    #[arg(long)]
    pub json: bool,
    /// What counts as one: objects, appearances or keyframes [default: objects]
    #[arg(long, value_name = "RULE", requires = "rows", help_heading = "Annotation files")]
    pub count: Option<CountingRule>,
    /// Whose work counts where several people annotated one task: all, first, last, accepted or ground-truth
    /// [default: all]
    #[arg(long, value_name = "WHOSE", requires = "rows", help_heading = "Annotation files")]
    pub annotations: Option<AnnotationChoice>,
    /// What the ids of tasks are: number, as in the file, or source-name [default: number]
    #[arg(long, value_name = "WHAT", requires = "rows", help_heading = "Annotation files")]
    pub task_id: Option<TaskIds>,
}

/// What is to be done.
pub(super) struct Task {
    pub(super) sheet: SheetFile,
    pub(super) recorded: Recorded,
    pub(super) taxonomy: Taxonomy,
    pub(super) output: OutputFile,
    /// Whether there is an output.
    pub(super) is_written: bool,
    /// What is written.
    pub(super) csv: CsvOptions,
}

/// What the sheet is compared with.
pub(super) enum Recorded {
    Files(Rows),
    /// A request of the database.
    Request(AnnotationRequestId),
}

impl ReconcileArguments {
    pub(super) fn task(&self) -> Result<Task, Failure> {
        self.check_output()?;
        let request = self.annotation_request_id.as_deref().map(AnnotationRequestId::new).transpose();
        let request = request.map_err(|error| Failure::CommandLine(format!("--annotation-request-id: {error}")))?;
        let options = SheetOptions {
            format: self.format,
            worksheet: self.worksheet.clone(),
            request: request.clone(),
            limits: SheetLimits::default(),
        };
        let input = if self.file == Path::new("-") { InputSource::Stdin } else { InputSource::File(self.file.clone()) };
        let recorded = match request {
            Some(request) if self.rows.is_empty() => Recorded::Request(request),
            request => Recorded::Files(Rows::new(&self.rows, request, &self.counting())?),
        };
        Ok(Task {
            sheet: SheetFile { input, options },
            recorded,
            taxonomy: self.taxonomy()?,
            output: OutputFile::new(self.output.as_deref()),
            is_written: self.output.is_some(),
            csv: CsvOptions { differences_only: !self.all, byte_order_mark: self.bom },
        })
    }

    fn counting(&self) -> AnnotationFileArguments {
        let Self { count, annotations, task_id, .. } = self;
        AnnotationFileArguments {
            count: *count,
            annotations: *annotations,
            task_id: *task_id,
            ..AnnotationFileArguments::default()
        }
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
        let same = |input: &PathBuf| fs::canonicalize(input).ok().zip(fs::canonicalize(output).ok());
        if self.rows.iter().chain([&self.file]).filter_map(same).any(|(input, output)| input == output) {
            return refused("it is one of the files that are read");
        }
        Ok(())
    }

    fn taxonomy(&self) -> Result<Taxonomy, Failure> {
        let Some(path) = &self.taxonomy else { return Ok(Taxonomy::default()) };
        let refused = |why: &dyn std::fmt::Display| Failure::NotCompared(format!("{}: {why}", path.display()));
        let size = fs::metadata(path).map_err(|error| refused(&format!("cannot be read: {error}")))?.len();
        if size > MAX_TAXONOMY_BYTES {
            return Err(refused(&format!("at most {MAX_TAXONOMY_BYTES} bytes are read of a taxonomy")));
        }
        let json = fs::read_to_string(path).map_err(|error| refused(&format!("cannot be read: {error}")))?;
        read_taxonomy(&json).map_err(|why| refused(&why))
    }
}

/// More than 1,000 operators with the longest names take.
const MAX_TAXONOMY_BYTES: u64 = 8 * 1024 * 1024;
