//! The output of a command: standard output, or a file that appears when it is complete.

use super::failure::Failure;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

/// The suffix of the file until it is complete.
const PART: &str = "part";

/// The output of an export or a comparison.
pub(super) struct OutputFile {
    /// The file and its part; `None` for standard output.
    paths: Option<(PathBuf, PathBuf)>,
}

impl OutputFile {
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

    /// Its name in messages.
    pub(super) fn name(&self) -> String {
        self.paths.as_ref().map_or_else(|| "standard output".into(), |(path, _)| path.display().to_string())
    }

    /// Opens it for writing.
    pub(super) fn open(&self) -> Result<Box<dyn Write + Send>, Failure> {
        let output: Box<dyn Write + Send> = match &self.paths {
            Some((_, part)) => Box::new(BufWriter::new(File::create(part).map_err(|error| self.unwritten(&error))?)),
            None => Box::new(BufWriter::new(stdout())),
        };
        Ok(output)
    }

    /// Keeps it: it is complete.
    pub(super) fn keep(&self) -> Result<(), Failure> {
        let Some((path, part)) = &self.paths else { return Ok(()) };
        fs::rename(part, path).map_err(|error| self.unwritten(&error))
    }

    /// Removes it: it is incomplete, and could be mistaken for the whole.
    pub(super) fn discard(&self) {
        if let Some((_, part)) = &self.paths {
            let _ = fs::remove_file(part);
        }
    }

    fn unwritten(&self, error: &io::Error) -> Failure {
        Failure::Input(format!("{} cannot be written: {error}", self.name()))
    }
}
