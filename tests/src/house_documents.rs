//! Rules about what people read and call: documents, settings, `make`. A rule lists what breaks it.

use crate::House;
use std::collections::BTreeSet;

const MOST_RECIPE_LINES: usize = 3;

/// What a path in a document starts with, when it is meant to be one of this repository.
const ROOMS: [&str; 6] = ["crates/", "config/", "deploy/", "docs/", "tests/", ".ci/"];

/// Parts of paths that stand for any name.
const PLACEHOLDERS: [&str; 3] = ["NAME", "NNNN", "*"];

/// Links and paths in documents that lead nowhere.
pub fn dead_paths(house: &House) -> Vec<String> {
    let found = house.ending(".md").flat_map(|(document, text)| {
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        let links = links(text).into_iter().map(|link| (link, resolved(folder, link)));
        let dead = links.chain(mentioned(text).map(|path| (path, path.to_owned())));
        let dead: BTreeSet<&str> = dead.filter(|(_, path)| !house.has(path)).map(|(written, _)| written).collect();
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
pub fn dead_headings(house: &House) -> Vec<String> {
    let found = house.ending(".md").flat_map(|(document, text)| {
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        let ends = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let local = ends.filter(|target| !target.contains("://")).filter_map(|target| target.split_once('#'));
        let dead = local.filter(move |(file, heading)| {
            let other = if file.is_empty() { document.to_owned() } else { resolved(folder, file) };
            !headings(house.text(&other)).contains(*heading)
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

/// Decisions out of number, or without one of the three parts.
pub fn broken_decisions(house: &House) -> Vec<String> {
    let decisions = house.ending(".md").filter(|(path, _)| path.starts_with("docs/adr/"));
    let found = (1_u32..).zip(decisions).flat_map(|(number, (path, text))| {
        let start = format!("docs/adr/{number:04}-");
        let title = format!("# {number}. ");
        let parts = ["\n## Context\n", "\n## Decision\n", "\n## Consequences\n"].map(str::to_owned);
        let missing = parts.into_iter().filter(|part| !text.contains(part.as_str()));
        let misnamed = (!path.starts_with(&start)).then(|| format!("{path}: does not start with {start}"));
        let untitled = (!text.starts_with(&title)).then(|| format!("{path}: does not start with {title}"));
        let incomplete = missing.map(move |part| format!("{path}: {} is missing", part.trim()));
        misnamed.into_iter().chain(untitled).chain(incomplete)
    });
    found.collect()
}

/// Targets of the Makefile without a `##` help text, and recipes that are too long to be read at a glance.
pub fn obscure_targets(house: &House) -> Vec<String> {
    let mut found = Vec::new();
    let mut target = ("", 0);
    for line in house.text("Makefile").lines() {
        if line.starts_with('\t') {
            target.1 += 1;
            if target.1 == MOST_RECIPE_LINES + 1 {
                found.push(format!("Makefile: {} has more than {MOST_RECIPE_LINES} lines", target.0));
            }
            continue;
        }
        let rule =
            line.split_once(':').filter(|(name, rest)| !name.contains([' ', '#', '.']) && !rest.starts_with('='));
        if let Some((name, rest)) = rule {
            target = (name, 0);
            if !rest.contains("## ") {
                found.push(format!("Makefile: {name} has no ## help"));
            }
        }
    }
    found
}

/// Lines of what checks a change that do something else than set the scene and call `make`.
pub fn clever_checks(house: &House) -> Vec<String> {
    let lines = house.text(".ci/run").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let clever = lines.filter(|line| !["set ", "cd ", "export ", "make "].iter().any(|start| line.starts_with(start)));
    clever.map(|line| format!(".ci/run: {line}: make it a target of the Makefile")).collect()
}

/// Settings without a comment in the line above.
pub fn unexplained_settings(house: &House) -> Vec<String> {
    let lines: Vec<&str> = house.text("config/default.toml").lines().collect();
    let pairs = lines.windows(2).filter(|pair| pair[1].contains(" = ") && !pair[1].starts_with('#'));
    let bare = pairs.filter(|pair| !pair[0].starts_with('#'));
    bare.map(|pair| format!("config/default.toml: say what it does in the line above: {}", pair[1])).collect()
}
