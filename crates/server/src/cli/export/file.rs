//! Where an export goes: standard output, or a file that is there when it is whole.

use crate::cli::failure::Failure;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

/// Beside the file, until that is whole.
const PART: &str = "part";

/// Where an export goes.
pub(super) struct ExportFile {
    /// The file and its part; none for standard output.
    paths: Option<(PathBuf, PathBuf)>,
}

impl ExportFile {
    /// The file at `path`; `-` or none is standard output.
    pub(super) fn new(path: Option<&Path>) -> Self {
        let path = path.filter(|path| path.as_os_str() != "-");
        let part = |path: &Path| {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(".");
            name.push(PART);
            path.with_file_name(name)
        };
        Self { paths: path.map(|path| (path.to_owned(), part(path))) }
    }

    /// What it is called.
    pub(super) fn name(&self) -> String {
        self.paths.as_ref().map_or_else(|| "standard output".into(), |(path, _)| path.display().to_string())
    }

    /// What is written to.
    pub(super) fn open(&self) -> Result<Box<dyn Write + Send>, Failure> {
        let output: Box<dyn Write + Send> = match &self.paths {
            Some((_, part)) => Box::new(BufWriter::new(File::create(part).map_err(|fault| self.unwritten(&fault))?)),
            None => Box::new(BufWriter::new(stdout())),
        };
        Ok(output)
    }

    /// It is whole.
    pub(super) fn keep(&self) -> Result<(), Failure> {
        let Some((path, part)) = &self.paths else { return Ok(()) };
        fs::rename(part, path).map_err(|fault| self.unwritten(&fault))
    }

    /// It is not, and nobody shall take it for that.
    pub(super) fn discard(&self) {
        if let Some((_, part)) = &self.paths {
            let _ = fs::remove_file(part);
        }
    }

    fn unwritten(&self, fault: &io::Error) -> Failure {
        Failure::Input(format!("{} cannot be written: {fault}", self.name()))
    }
}
