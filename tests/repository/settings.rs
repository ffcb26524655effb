//! Rules about settings: the file of defaults, and its table in the document for operators. A rule lists what breaks it.

use crate::rule::holds;
use annotation_statistics_tests::Repository;

/// Settings without a comment in the line above.
fn unexplained_settings(repository: &Repository) -> Vec<String> {
    let lines: Vec<&str> = repository.text("config/default.toml").lines().collect();
    let pairs = lines.windows(2).filter(|pair| pair[1].contains(" = ") && !pair[1].starts_with('#'));
    let bare = pairs.filter(|pair| !pair[0].starts_with('#'));
    bare.map(|pair| format!("config/default.toml: say what it does in the line above: {}", pair[1])).collect()
}

const START: &str = "| setting | default | what it is |\n| --- | --- | --- |\n";

/// What of the table is not as `config/default.toml` has it: the lines that are missing or too many.
fn undocumented_settings(repository: &Repository) -> Vec<String> {
    let expected = rows(repository.text("config/default.toml"));
    let document = repository.text("docs/OPERATIONS.md");
    let table = document.split_once(START).map_or("", |(_, rest)| rest);
    let found: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    let missing = expected.iter().filter(|row| !found.contains(&row.as_str()));
    let missing = missing.map(|row| format!("docs/OPERATIONS.md: add {row}"));
    let strange = found.iter().filter(|row| !expected.iter().any(|expected| expected == *row));
    missing.chain(strange.map(|row| format!("docs/OPERATIONS.md: remove {row}"))).collect()
}

/// A row for each setting: its name, its default, and the comment above it.
fn rows(defaults: &str) -> Vec<String> {
    let (mut section, mut comment, mut rows) = ("", String::new(), Vec::new());
    for line in defaults.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some(text) = line.strip_prefix("# ") {
            comment.push_str(if comment.is_empty() { "" } else { " " });
            comment.push_str(text);
        } else if let Some((key, value)) = line.split_once(" = ") {
            rows.push(format!("| `{section}.{key}` | `{value}` | {comment} |"));
            comment.clear();
        } else {
            comment.clear();
        }
    }
    rows
}

#[test]
fn every_setting_is_explained_in_the_line_above() {
    let settings = "# All.\n\n[a]\n# What.\nb = 1\nc = 2\n";
    let reported = "config/default.toml: say what it does in the line above: c = 2";
    holds(unexplained_settings, &[(&[("config/default.toml", settings)], &[reported])]);
}

#[test]
fn every_setting_stands_in_the_document_for_operators_as_it_is() {
    let defaults = "[server]\n# Where.\nbind = \"a\"\n# How\n# many.\nworkers = 0\n";
    let start = "| setting | default | what it is |\n| --- | --- | --- |\n";
    let right = format!("{start}| `server.bind` | `\"a\"` | Where. |\n| `server.workers` | `0` | How many. |\n\n| x |");
    let planted =
        |table: &str| Repository::planted(&[("config/default.toml", defaults), ("docs/OPERATIONS.md", table)]);
    assert_eq!(undocumented_settings(&planted(&right)), [""; 0]);
    assert_eq!(
        undocumented_settings(&planted(&right.replace("`0`", "`1`"))),
        [
            "docs/OPERATIONS.md: add | `server.workers` | `0` | How many. |",
            "docs/OPERATIONS.md: remove | `server.workers` | `1` | How many. |"
        ]
    );
    assert_eq!(undocumented_settings(Repository::real()), [""; 0]);
}
