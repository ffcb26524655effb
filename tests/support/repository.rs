//! The files of the repository, or some that only a test plants, for rules about where things are.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

/// Folders at the root that are made by building and running.
const MADE: [&str; 2] = ["target", "data"];

/// Files by their path from the root, with `/` between folders.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    files: BTreeMap<String, String>,
}

impl Repository {
    /// The repository as it is.
    pub fn real() -> &'static Self {
        static REPOSITORY: OnceLock<Repository> = OnceLock::new();
        REPOSITORY.get_or_init(|| {
            let mut repository = Self::default();
            repository.walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), "");
            repository
        })
    }

    /// One that has nothing but these files.
    pub fn planted(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    fn walk(&mut self, folder: &Path, path: &str) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = entry.file_type().unwrap().is_dir();
            let is_hidden = is_folder && name.starts_with('.') && name != ".ci";
            if is_hidden || (path.is_empty() && MADE.contains(&name.as_str())) {
                continue;
            }
            let inner = if path.is_empty() { name } else { format!("{path}/{name}") };
            if is_folder {
                self.walk(&entry.path(), &inner);
            } else {
                // What is no text, a compressed sample for one, has a path only.
                self.files.insert(inner, fs::read_to_string(entry.path()).unwrap_or_default());
            }
        }
    }

    /// All paths.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The text of a file; empty when there is none.
    pub fn text(&self, path: &str) -> &str {
        self.files.get(path).map_or("", String::as_str)
    }

    /// The files whose path ends so: path and text.
    pub fn ending(&self, end: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.ends_with(end))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Whether there is a file or a folder at this path.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let inside = format!("{path}/");
        path.is_empty() || self.files.keys().any(|file| file == path || file.starts_with(&inside))
    }
}
