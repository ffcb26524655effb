//! Rules about files, folders and their names. A rule lists what breaks it.

use crate::House;
use std::collections::BTreeSet;

const MOST_LINES: usize = 300;
const MOST_ROOT_ENTRIES: usize = 12;
const MOST_FOLDERS_DEEP: usize = 4;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 9] = ["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "stuff"];

/// Source files that are too long to be read in one go.
pub fn long_files(house: &House) -> Vec<String> {
    let counted = house.ending(".rs").map(|(path, text)| (path, text.lines().count()));
    let long = counted.filter(|(_, lines)| *lines > MOST_LINES);
    long.map(|(path, lines)| format!("{path}: {lines} lines, at most {MOST_LINES}")).collect()
}

/// Files more than four folders below the root, but for the migrations, whose layout is diesel's.
pub fn deep_files(house: &House) -> Vec<String> {
    let deep = house.paths().filter(|path| path.matches('/').count() > MOST_FOLDERS_DEEP);
    let ours = deep.filter(|path| !path.starts_with("crates/storage/migrations/"));
    ours.map(|path| format!("{path}: more than {MOST_FOLDERS_DEEP} folders deep")).collect()
}

/// The visible entries of the root, when there are too many.
pub fn crowded_root(house: &House) -> Vec<String> {
    let entries: BTreeSet<&str> = house.paths().filter_map(|path| path.split('/').next()).collect();
    let visible: Vec<&str> = entries.into_iter().filter(|name| !name.starts_with('.')).collect();
    if visible.len() <= MOST_ROOT_ENTRIES {
        return Vec::new();
    }
    vec![format!("the root has {} entries, at most {MOST_ROOT_ENTRIES}: {}", visible.len(), visible.join(" "))]
}

/// Files and folders with a name that says nothing, and types called `SomethingImpl`.
pub fn empty_names(house: &House) -> Vec<String> {
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_lowercase();
    let is_empty = |name: &str| EMPTY_NAMES.contains(&stem(name).as_str()) || stem(name).ends_with("_impl");
    let paths = house.paths().filter(|path| path.split('/').any(is_empty)).map(|path| format!("{path}: says nothing"));
    let types = house.ending(".rs").flat_map(|(path, text)| {
        let names = text.lines().filter_map(declared_type).filter(|name| name.ends_with("Impl"));
        names.map(move |name| format!("{path}: {name} says nothing"))
    });
    paths.chain(types).collect()
}

fn declared_type(line: &str) -> Option<&str> {
    let declaration = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
    let name = declaration.strip_prefix("struct ").or_else(|| declaration.strip_prefix("enum "))?;
    name.split(|letter: char| !letter.is_alphanumeric()).next()
}

/// Modules in a file called `mod.rs`, whose tab in an editor does not say which.
pub fn mod_files(house: &House) -> Vec<String> {
    house.ending("/mod.rs").map(|(path, _)| format!("{path}: name it after what is in it")).collect()
}

/// Re-exports of whatever there may be.
pub fn glob_exports(house: &House) -> Vec<String> {
    lines_that(house, ".rs", |line| line.starts_with("pub use ") && line.contains("::*"), "name what is exported")
}

/// Tests that are not run.
pub fn ignored_tests(house: &House) -> Vec<String> {
    lines_that(house, ".rs", |line| line.starts_with("#[ignore"), "mend the test, or remove it")
}

fn lines_that(house: &House, end: &str, is_bad: fn(&str) -> bool, advice: &str) -> Vec<String> {
    let found = house.ending(end).flat_map(|(path, text)| {
        let bad = text.lines().map(str::trim_start).filter(move |line| is_bad(line));
        bad.map(move |line| format!("{path}: {line}: {advice}"))
    });
    found.collect()
}

/// What a `lib.rs` has besides documentation, modules and re-exports.
pub fn busy_roots(house: &House) -> Vec<String> {
    let found = house.ending("src/lib.rs").flat_map(|(path, text)| {
        let is_code = |line: &&str| !line.is_empty() && !line.starts_with("//") && !line.starts_with("#[");
        let code: Vec<&str> = text.lines().map(str::trim).filter(is_code).collect();
        let code = code.join(" ");
        let statements: Vec<String> = code.split(';').map(|statement| statement.trim().to_owned()).collect();
        let is_busy = |statement: &String| {
            !statement.is_empty() && !["mod ", "pub mod ", "pub use "].iter().any(|start| statement.starts_with(start))
        };
        statements.into_iter().filter(is_busy).map(move |statement| format!("{path}: {statement}"))
    });
    found.collect()
}

/// Tests whose name is no sentence.
pub fn terse_tests(house: &House) -> Vec<String> {
    let found = house.ending(".rs").flat_map(|(path, text)| {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let tests = lines.iter().enumerate().filter(|(_, line)| line.starts_with("#[") && line.ends_with("test]"));
        let names = tests.filter_map(|(at, _)| lines[at..].iter().find_map(|line| line.split_once("fn ")));
        let names: Vec<&str> = names.filter_map(|(_, rest)| rest.split(['(', '<']).next()).collect();
        let terse = names.into_iter().filter(|name| name.matches('_').count() < 2);
        terse.map(move |name| format!("{path}: {name} is no sentence"))
    });
    found.collect()
}

/// Ports of the domain without an adapter of the same file name in the storage crate.
pub fn ports_without_a_mirror(house: &House) -> Vec<String> {
    let ports = house.ending(".rs").filter(|(path, text)| {
        path.starts_with("crates/domain/src/") && text.contains("/// # Obligations of an implementor")
    });
    let mirrors = ports.map(|(path, _)| path.replace("crates/domain/", "crates/storage/"));
    mirrors.filter(|path| !house.has(path)).map(|path| format!("{path}: missing, the adapter of a port")).collect()
}
