//! The table of settings in the document for operators, made from the file of defaults.

use crate::House;

const START: &str = "| setting | default | what it is |\n| --- | --- | --- |\n";

/// What of the table is not as `config/default.toml` has it: the lines that are missing or too many.
pub fn undocumented_settings(house: &House) -> Vec<String> {
    let expected = rows(house.text("config/default.toml"));
    let document = house.text("docs/OPERATIONS.md");
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
