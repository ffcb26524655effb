//! The SQL of the storage crate, read out of its sources.

use annotation_statistics_tests::Repository;

/// Each string of the sources of the storage crate that may be SQL, and the file it is in.
pub(crate) fn storage_statements() -> Vec<(String, String)> {
    let sources = Repository::real().ending(".rs").filter(|(path, _)| path.starts_with("crates/storage/src/"));
    let found = sources.flat_map(|(path, source)| {
        let name = path.rsplit('/').next().unwrap_or_default();
        strings(source).into_iter().map(|string| (name.to_owned(), string)).collect::<Vec<_>>()
    });
    found.filter(|(_, string)| string.contains(' ')).collect()
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
        strings.push(after[..end].split("\\\n").map(str::trim_start).collect());
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

#[test]
fn plain_and_raw_strings_are_found_and_comments_are_not() {
    let source = "// \"no\"\nlet a = \"SELECT \\\n1\";\nlet b = r#\"x \"C\" y\"#; let c = br\"\\t\"; f(\"a \\\" b\");";
    assert_eq!(strings(source), ["SELECT 1", "x \"C\" y", "\\t", "a \\\" b"]);
}
