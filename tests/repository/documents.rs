//! Rules about documents. A rule lists what breaks it.

use crate::rule::holds;
use annotation_statistics_tests::Repository;
use std::collections::BTreeSet;

/// What a path in a document starts with, when it is meant to be one of this repository.
const ROOMS: [&str; 6] = ["crates/", "config/", "deploy/", "docs/", "tests/", ".ci/"];

/// Parts of paths that stand for any name.
const PLACEHOLDERS: [&str; 3] = ["NAME", "NNNN", "*"];

/// Links and paths in documents that lead nowhere.
fn dead_paths(repository: &Repository) -> Vec<String> {
    let found = repository.ending(".md").flat_map(|(document, text)| {
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        let links = links(text).into_iter().map(|link| (link, resolved(folder, link)));
        let dead = links.chain(mentioned(text).map(|path| (path, path.to_owned())));
        let dead: BTreeSet<&str> = dead.filter(|(_, path)| !repository.has(path)).map(|(written, _)| written).collect();
        dead.into_iter().map(move |written| format!("{document}: {written} is not there"))
    });
    found.collect()
}

/// The targets of relative links, without the heading.
fn links(text: &str) -> Vec<&str> {
    let ends = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let targets = ends.filter(|target| !target.contains("://")).filter_map(|target| target.split('#').next());
    targets.filter(|target| !target.is_empty()).collect()
}

/// A link from a file in `folder`, as a path from the root.
fn resolved(folder: &str, link: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn mentioned(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && !"/._-*".contains(letter));
    let paths =
        words.map(|word| word.trim_end_matches('.')).filter(|word| ROOMS.iter().any(|room| word.starts_with(room)));
    paths.filter(|path| !PLACEHOLDERS.iter().any(|placeholder| path.contains(placeholder)))
}

/// Links to a heading that is not there, in the same document or another one.
fn dead_headings(repository: &Repository) -> Vec<String> {
    let found = repository.ending(".md").flat_map(|(document, text)| {
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        let ends = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let local = ends.filter(|target| !target.contains("://")).filter_map(|target| target.split_once('#'));
        let dead = local.filter(move |(file, heading)| {
            let other = if file.is_empty() { document.to_owned() } else { resolved(folder, file) };
            !headings(repository.text(&other)).contains(*heading)
        });
        dead.map(move |(file, heading)| format!("{document}: {file}#{heading} is not there"))
    });
    found.collect()
}

/// The headings of a document, as links call them.
fn headings(text: &str) -> BTreeSet<String> {
    let titles = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let keep = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    titles.map(|title| title.to_lowercase().chars().filter(keep).collect::<String>().replace(' ', "-")).collect()
}

/// Decisions out of number, without a status or one of the three parts, or not in the index.
fn broken_decisions(repository: &Repository) -> Vec<String> {
    let is_decision = |path: &str| path.starts_with("docs/adr/") && path != "docs/adr/README.md";
    let decisions = repository.ending(".md").filter(|(path, _)| is_decision(path));
    let index = repository.text("docs/adr/README.md");
    let found = (1_u32..).zip(decisions).flat_map(|(number, (path, text))| {
        let start = format!("docs/adr/{number:04}-");
        let title = format!("# {number}. ");
        let parts = ["\nStatus: ", "\n## Context\n", "\n## Decision\n", "\n## Consequences\n"].map(str::to_owned);
        let missing = parts.into_iter().filter(|part| !text.contains(part.as_str()));
        let misnamed = (!path.starts_with(&start)).then(|| format!("{path}: does not start with {start}"));
        let untitled = (!text.starts_with(&title)).then(|| format!("{path}: does not start with {title}"));
        let incomplete = missing.map(move |part| format!("{path}: {} is missing", part.trim()));
        let is_listed = index.contains(path.trim_start_matches("docs/adr/"));
        let unlisted = (!is_listed).then(|| format!("docs/adr/README.md: {path} is missing"));
        misnamed.into_iter().chain(untitled).chain(unlisted).chain(incomplete)
    });
    found.collect()
}

#[test]
fn documents_name_only_paths_that_exist() {
    let text = "[a](../a.rs), [b](b.md#c), [c](https://x.y/z), [d](gone.md); `crates/a/src/lib.rs:7`, `config/NAME.toml` and\n\
                `crates/gone/`. See docs/, http://host/docs/x.";
    let files = [("a.rs", ""), ("docs/b.md", ""), ("docs/z.md", text), ("crates/a/src/lib.rs", "")];
    let reported: &[&str] = &["docs/z.md: crates/gone/ is not there", "docs/z.md: gone.md is not there"];
    holds(dead_paths, &[(&files, reported)]);
}

#[test]
fn documents_name_only_headings_that_exist() {
    let files =
        [("a.md", "# One, two\n[x](#one-two) [y](#three) [z](b/c.md#four) [w](b/c.md#five)"), ("b/c.md", "## Four")];
    holds(dead_headings, &[(&files, &["a.md: #three is not there", "a.md: b/c.md#five is not there"])]);
}

#[test]
fn decisions_are_numbered_without_gaps_have_a_status_and_three_parts_and_are_in_the_index() {
    let good = "# 1. A\n\nStatus: accepted, 2026-11-30\n\n## Context\n\n## Decision\n\n## Consequences\n";
    let files = [
        ("docs/adr/0001-a.md", good),
        ("docs/adr/0003-b.md", "# 2. B\n\n## Context\n\n## Decision\n"),
        ("docs/adr/README.md", "[A](0001-a.md)"),
    ];
    let reported: &[&str] = &[
        "docs/adr/0003-b.md: does not start with docs/adr/0002-",
        "docs/adr/README.md: docs/adr/0003-b.md is missing",
        "docs/adr/0003-b.md: Status: is missing",
        "docs/adr/0003-b.md: ## Consequences is missing",
    ];
    holds(broken_decisions, &[(&files, reported)]);
}
