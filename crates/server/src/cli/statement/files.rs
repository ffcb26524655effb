//! The files of a statement.

use super::folder::{DOCUMENT, PUBLIC_KEY, ROWS, ROWS_ZSTD};
use crate::cli::failure::Failure;
use annotation_statistics_domain::PublicKey;
use annotation_statistics_statements::{Verified, VerifyError, public_key_from_pem, verify};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{self, IsTerminal, Read, stderr, stdin};
use std::path::{Path, PathBuf};

/// The most bytes of a document; with 100,000 operation items it has a third of them.
const MAX_DOCUMENT: u64 = 64 * 1024 * 1024;

/// The most bytes that are read of a signature or a key.
const MAX_SMALL: u64 = 64 * 1024;

/// The suffix of a signature beside its document.
const SIGNATURE_SUFFIX: &str = "sig";

/// The files of a statement, all but its rows in memory.
pub(super) struct StatementFiles {
    document: Vec<u8>,
    signature: Vec<u8>,
    rows: PathBuf,
    keys: Vec<PublicKey>,
}

/// The files that were named.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) signature: Option<&'a Path>,
    pub(super) rows: Option<&'a Path>,
    pub(super) public_keys: &'a [PathBuf],
}

impl StatementFiles {
    /// Those of a folder.
    pub(super) fn in_folder(folder: &Path) -> Result<Self, Failure> {
        Self::open(folder, Named::default())
    }

    /// Those of a folder, or of a document; what is not named stands beside the document.
    pub(super) fn open(path: &Path, named: Named<'_>) -> Result<Self, Failure> {
        let document = if path.is_dir() { path.join(DOCUMENT) } else { path.to_owned() };
        let beside = |name: &str| document.with_file_name(name);
        let signature = named.signature.map_or_else(|| document.with_extension(SIGNATURE_SUFFIX), Path::to_owned);
        let rows = named.rows.map_or_else(|| rows_beside(&document), |rows| Ok(rows.to_owned()))?;
        let keys = if named.public_keys.is_empty() { &[beside(PUBLIC_KEY)] } else { named.public_keys };
        Ok(Self {
            signature: read(&signature, MAX_SMALL)?,
            rows,
            keys: keys.iter().map(|file| public_key(file)).collect::<Result<_, _>>()?,
            document: read(&document, MAX_DOCUMENT)?,
        })
    }

    /// Verifies all of them.
    pub(super) fn verify(&self) -> Result<Verified, Failure> {
        let rows: Box<dyn Read> = if is_stdin(&self.rows) {
            Box::new(stdin().lock())
        } else {
            let file = File::open(&self.rows).map_err(|error| unread(&self.rows, &error))?;
            let progress = progress(file.metadata().map_or(0, |metadata| metadata.len()));
            Box::new(progress.wrap_read(file))
        };
        verify(&self.document, &self.signature, &self.keys, rows).map_err(untrue)
    }
}

/// A file that cannot be read says nothing of the statement.
#[expect(clippy::needless_pass_by_value, reason = "as map_err passes it")]
pub(super) fn untrue(error: VerifyError) -> Failure {
    if error.is_unreadable() { Failure::NotVerified(error.to_string()) } else { Failure::Untrue(error.to_string()) }
}

/// The bytes of a document.
pub(super) fn read_document(path: &Path) -> Result<Vec<u8>, Failure> {
    read(path, MAX_DOCUMENT)
}

fn rows_beside(document: &Path) -> Result<PathBuf, Failure> {
    let [plain, zstd] = [ROWS, ROWS_ZSTD].map(|name| document.with_file_name(name));
    match (plain.exists(), zstd.exists()) {
        (true, true) => Err(Failure::NotVerified(format!(
            "both {} and {} are there: name one of them with --rows",
            plain.display(),
            zstd.display()
        ))),
        (false, true) => Ok(zstd),
        _ => Ok(plain),
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let pem = read(path, MAX_SMALL)?;
    public_key_from_pem(&String::from_utf8_lossy(&pem)).map_err(|error| unread(path, &error))
}

fn read(path: &Path, max: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unread(path, &error))?;
    file.take(max + 1).read_to_end(&mut bytes).map_err(|error| unread(path, &error))?;
    if u64::try_from(bytes.len()).is_ok_and(|size| size <= max) {
        return Ok(bytes);
    }
    Err(unread(path, &io::Error::other(format!("it has more than {max} bytes"))))
}

fn unread(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::NotVerified(format!("{} cannot be read: {error}", path.display()))
}

fn progress(bytes: u64) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {percent:>3} %  {bytes_per_sec}, {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
