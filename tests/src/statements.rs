//! The SQL of the storage crate, read out of its sources.

use std::fs;
use std::path::{Path, PathBuf};

/// Each string of the sources of the storage crate that may be SQL, and the file it stands in.
pub fn storage_statements() -> Vec<(String, String)> {
    let sources = files(&storage().join("src"), "rs");
    let found = sources.iter().flat_map(|path| {
        let source = fs::read_to_string(path).unwrap();
        strings(&source)
            .into_iter()
            .map(|string| (path.file_name().unwrap().to_string_lossy().into_owned(), string))
            .collect::<Vec<_>>()
    });
    found.filter(|(_, string)| string.contains(' ')).collect()
}

/// A migration as it stands in its folder.
pub struct MigrationScript {
    /// The name of the folder.
    pub name: String,
    /// Brings the schema forward. Without comments, as is `down`.
    pub up: String,
    /// Takes it back.
    pub down: String,
}

/// All migrations, oldest first.
pub fn migration_scripts() -> Vec<MigrationScript> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(storage().join("migrations")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let without_comments = |path: PathBuf| {
        let sql = fs::read_to_string(path).unwrap();
        sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
    };
    let script = |folder: PathBuf| MigrationScript {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        up: without_comments(folder.join("up.sql")),
        down: without_comments(folder.join("down.sql")),
    };
    folders.into_iter().map(script).collect()
}

fn storage() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/storage")
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

/// The string literals of Rust source that has none with a quotation mark inside but escaped or between hashes.
fn strings(source: &str) -> Vec<String> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n").replace("'\"'", "").replace("b'\\\\'", "");
    let mut strings = Vec::new();
    let mut rest = code.as_str();
    while let Some(start) = rest.find('"') {
        let (before, after) = (&rest[..start], &rest[start + 1..]);
        let hashes = before.len() - before.trim_end_matches('#').len();
        let is_raw = before.trim_end_matches('#').ends_with('r');
        let end = if is_raw { raw_end(after, hashes) } else { plain_end(after) };
        strings.push(after[..end].replace("\\\n", ""));
        rest = &after[end + 1..];
    }
    strings
}

fn raw_end(text: &str, hashes: usize) -> usize {
    text.find(&format!("\"{}", "#".repeat(hashes))).unwrap()
}

fn plain_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::strings;

    #[test]
    fn plain_and_raw_strings_are_found_and_comments_are_not() {
        let source =
            "// \"no\"\nlet a = \"SELECT \\\n1\";\nlet b = r#\"x \"C\" y\"#; let c = br\"\\t\"; f(\"a \\\" b\");";
        assert_eq!(strings(source), ["SELECT 1", "x \"C\" y", "\\t", "a \\\" b"]);
    }
}
