//! The folder of a statement: it appears when it is complete, and other content stays.

use crate::cli::failure::Failure;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

pub(super) const DOCUMENT: &str = "statement.json";
pub(super) const SIGNATURE: &str = "statement.sig";
pub(super) const ROWS: &str = "rows.jsonl";
pub(super) const ROWS_ZSTD: &str = "rows.jsonl.zst";
pub(super) const PUBLIC_KEY: &str = "public-key.pem";

/// All that a folder may have. The document is last, as it is what others look for.
const FILES: [&str; 5] = [ROWS, ROWS_ZSTD, SIGNATURE, PUBLIC_KEY, DOCUMENT];

/// The suffix of the folder until it is complete.
const PART: &str = ".part";

/// A folder that is being written.
pub(super) struct NewFolder {
    path: PathBuf,
    part: PathBuf,
}

/// What became of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// It is there now.
    Written,
    /// It was there with the same content.
    AsItWas,
}

impl NewFolder {
    /// Begins the folder at `path`, beside it. What an earlier one left there is removed.
    pub(super) fn begin(path: &Path) -> Result<Self, Failure> {
        let Some(name) = path.file_name() else {
            return Err(Failure::CommandLine(format!("--out {}: name a folder", path.display())));
        };
        let mut part = name.to_owned();
        part.push(PART);
        let folder = Self { path: path.to_owned(), part: path.with_file_name(part) };
        folder.discard();
        fs::create_dir_all(&folder.part).map_err(|error| folder.unwritten(&error))?;
        Ok(folder)
    }

    /// Where its files are until it is kept.
    pub(super) fn part(&self) -> &Path {
        &self.part
    }

    /// Creates one of its files.
    pub(super) fn create(&self, name: &str) -> Result<File, Failure> {
        File::create_new(self.part.join(name)).map_err(|error| self.unwritten(&error))
    }

    /// Writes one of its files.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let mut file = self.create(name)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| self.unwritten(&error))
    }

    /// Puts it in its place. Where another content is, that is replaced only by force.
    pub(super) fn keep(&self, force: bool) -> Result<Kept, Failure> {
        let unwritten = |error: io::Error| self.unwritten(&error);
        // This replaces an empty folder, too.
        match fs::rename(&self.part, &self.path) {
            Err(error) if matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists) => {}
            done => return done.map(|()| Kept::Written).map_err(unwritten),
        }
        let is_same = FILES.into_iter().map(|name| self.is_same(name)).collect::<io::Result<Vec<_>>>();
        if is_same.map_err(unwritten)?.into_iter().all(|is_same| is_same) {
            self.discard();
            return Ok(Kept::AsItWas);
        }
        if !force {
            return Err(Failure::Input(format!(
                "{} has other content, and stays as it is: name another folder with --out, or replace its files with --force",
                self.path.display()
            )));
        }
        self.replace().map_err(unwritten)?;
        Ok(Kept::Written)
    }

    /// One file after the other.
    fn replace(&self) -> io::Result<()> {
        for name in FILES {
            let [new, old] = [&self.part, &self.path].map(|folder| folder.join(name));
            match fs::rename(&new, &old) {
                Err(error) if error.kind() == ErrorKind::NotFound => removed(fs::remove_file(&old))?,
                done => done?,
            }
        }
        fs::remove_dir(&self.part)
    }

    /// Whether a file is the same in both, or in neither.
    fn is_same(&self, name: &str) -> io::Result<bool> {
        let [new, old] = [&self.part, &self.path].map(|folder| folder.join(name));
        match (opened(&new)?, opened(&old)?) {
            (Some(new), Some(old)) => same_bytes(BufReader::new(new), BufReader::new(old)),
            (new, old) => Ok(new.is_none() && old.is_none()),
        }
    }

    /// Removes it: it is incomplete, and could be mistaken for the whole.
    pub(super) fn discard(&self) {
        for name in FILES {
            let _ = fs::remove_file(self.part.join(name));
        }
        let _ = fs::remove_dir(&self.part);
    }

    pub(super) fn unwritten(&self, error: &io::Error) -> Failure {
        Failure::Input(format!("{} cannot be written: {error}", self.path.display()))
    }
}

fn opened(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some),
    }
}

fn removed(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn same_bytes(mut one: impl BufRead, mut other: impl BufRead) -> io::Result<bool> {
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let length = left.len().min(right.len());
        if length == 0 || left.get(..length) != right.get(..length) {
            return Ok(left == right);
        }
        one.consume(length);
        other.consume(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tempfile::TempDir;

    /// A folder of which these files are written, not yet kept.
    fn written(path: &Path, files: &[(&str, &str)]) -> NewFolder {
        let folder = NewFolder::begin(path).unwrap();
        for (name, text) in files {
            folder.write(name, text.as_bytes()).unwrap();
        }
        folder
    }

    /// All files in it, also in folders of it.
    fn content(folder: &Path) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if entry.path().is_dir() {
                files.extend(content(&entry.path()).into_iter().map(|(file, text)| (format!("{name}/{file}"), text)));
            } else {
                files.insert(name, fs::read_to_string(entry.path()).unwrap());
            }
        }
        files
    }

    fn expected(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    const FIRST: [(&str, &str); 2] = [(ROWS, "rows"), (DOCUMENT, "document")];

    #[test]
    fn a_folder_appears_when_it_is_kept_and_leaves_nothing_beside_it() {
        let all = TempDir::new().unwrap();
        let path = all.path().join("months/2026-11");
        let folder = written(&path, &FIRST);
        assert!(!path.exists());
        assert_eq!(folder.keep(false).unwrap(), Kept::Written);
        let kept = expected(&[("months/2026-11/rows.jsonl", "rows"), ("months/2026-11/statement.json", "document")]);
        assert_eq!(content(all.path()), kept);
        assert_eq!(written(&path, &FIRST).keep(false).unwrap(), Kept::AsItWas);
        assert_eq!(content(all.path()), kept);

        written(&path, &[(ROWS, "others")]).discard();
        assert_eq!(content(all.path()), kept, "one that is not kept");
        fs::create_dir(all.path().join("empty")).unwrap();
        assert_eq!(written(&all.path().join("empty"), &FIRST).keep(false).unwrap(), Kept::Written);
    }

    #[test]
    fn other_content_is_replaced_by_force_alone() {
        let other: [(&str, &[(&str, &str)]); 4] = [
            ("another byte", &[(ROWS, "rowz"), (DOCUMENT, "document")]),
            ("a byte more", &[(ROWS, "rows"), (DOCUMENT, "document.")]),
            ("a file more", &[(ROWS, "rows"), (DOCUMENT, "document"), (SIGNATURE, "signature")]),
            ("a file less", &[(ROWS_ZSTD, "rows"), (DOCUMENT, "document")]),
        ];
        for (reason, files) in other {
            let all = TempDir::new().unwrap();
            let path = all.path().join("2026-11");
            written(&path, &FIRST).keep(false).unwrap();
            let notes = path.join("notes.txt");
            fs::write(&notes, "ours").unwrap();
            let folder = written(&path, files);
            let refused = folder.keep(false).unwrap_err().to_string();
            assert!(refused.contains("2026-11 has other content, and stays as it is"), "{reason}: {refused}");
            folder.discard();
            assert_eq!(content(&path), expected(&[&FIRST[..], &[("notes.txt", "ours")]].concat()), "{reason}");

            assert_eq!(written(&path, files).keep(true).unwrap(), Kept::Written, "{reason}");
            assert_eq!(content(&path), expected(&[files, &[("notes.txt", "ours")]].concat()), "{reason}");
            assert_eq!(fs::read_dir(all.path()).unwrap().count(), 1, "{reason}");
        }
    }

    #[test]
    fn what_an_earlier_one_left_is_removed_and_a_file_is_no_place_for_a_folder() {
        let all = TempDir::new().unwrap();
        let path = all.path().join("2026-11");
        drop(written(&path, &[(SIGNATURE, "of one that was killed")]));
        written(&path, &FIRST).keep(false).unwrap();
        assert_eq!(content(&path), expected(&FIRST));

        let file = all.path().join("file");
        fs::write(&file, "a file").unwrap();
        let folder = written(&file, &FIRST);
        assert!(folder.keep(true).unwrap_err().to_string().contains("file cannot be written: "));
        folder.discard();
        assert_eq!(fs::read_to_string(&file).unwrap(), "a file");
        assert!(NewFolder::begin(Path::new("/")).is_err());
    }
}
