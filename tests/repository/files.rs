//! Rules about files, folders and their names. A rule lists what breaks it.

use crate::rule::holds;
use annotation_statistics_tests::Repository;
use std::collections::{BTreeMap, BTreeSet};

const MOST_LINES: usize = 300;

const MOST_ROOT_ENTRIES: usize = 12;

const MOST_FOLDERS_DEEP: usize = 4;

const MOST_FILES: usize = 20;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 9] = ["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "stuff"];

/// Source files that are too long to be read in one go.
fn long_files(repository: &Repository) -> Vec<String> {
    let counted = repository.ending(".rs").map(|(path, text)| (path, text.lines().count()));
    let long = counted.filter(|(_, lines)| *lines > MOST_LINES);
    long.map(|(path, lines)| format!("{path}: {lines} lines, at most {MOST_LINES}")).collect()
}

/// Files more than four folders below the root without counting `src`, but for the migrations, whose layout is diesel's.
fn deep_files(repository: &Repository) -> Vec<String> {
    let depth = |path: &str| path.split('/').rev().skip(1).filter(|folder| *folder != "src").count();
    let deep = repository.paths().filter(|path| depth(path) > MOST_FOLDERS_DEEP);
    let ours = deep.filter(|path| !path.starts_with("crates/storage/migrations/"));
    ours.map(|path| format!("{path}: more than {MOST_FOLDERS_DEEP} folders deep")).collect()
}

/// Folders with more source files than are seen at a glance.
fn crowded_folders(repository: &Repository) -> Vec<String> {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for (folder, _) in repository.ending(".rs").filter_map(|(path, _)| path.rsplit_once('/')) {
        *folders.entry(folder).or_default() += 1;
    }
    let crowded = folders.into_iter().filter(|(_, files)| *files > MOST_FILES);
    crowded.map(|(folder, files)| format!("{folder}: {files} source files, at most {MOST_FILES}")).collect()
}

/// The visible entries of the root, when there are too many.
fn crowded_root(repository: &Repository) -> Vec<String> {
    let entries: BTreeSet<&str> = repository.paths().filter_map(|path| path.split('/').next()).collect();
    let visible: Vec<&str> = entries.into_iter().filter(|name| !name.starts_with('.')).collect();
    if visible.len() <= MOST_ROOT_ENTRIES {
        return Vec::new();
    }
    vec![format!("the root has {} entries, at most {MOST_ROOT_ENTRIES}: {}", visible.len(), visible.join(" "))]
}

/// Files and folders with a name that says nothing, and types called `SomethingImpl`.
fn empty_names(repository: &Repository) -> Vec<String> {
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_lowercase();
    let is_empty = |name: &str| EMPTY_NAMES.contains(&stem(name).as_str()) || stem(name).ends_with("_impl");
    let paths =
        repository.paths().filter(|path| path.split('/').any(is_empty)).map(|path| format!("{path}: says nothing"));
    let types = repository.ending(".rs").flat_map(|(path, text)| {
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
fn mod_files(repository: &Repository) -> Vec<String> {
    repository.ending("/mod.rs").map(|(path, _)| format!("{path}: name it after what is in it")).collect()
}

/// Ports without an adapter of the same file name in the storage crate, in whichever folder.
fn ports_without_a_mirror(repository: &Repository) -> Vec<String> {
    let is_adapter = |path: &str, name: &str| path.starts_with("crates/storage/src/") && path.ends_with(name);
    let ports = repository
        .ending(".rs")
        .filter(|(path, text)| path.starts_with("crates/") && text.contains("/// # Obligations of an implementor"));
    let lonely = ports.filter(|(path, _)| {
        let name = path.rfind('/').map_or(*path, |at| &path[at..]);
        !repository.paths().any(|other| is_adapter(other, name))
    });
    lonely.map(|(path, _)| format!("{path}: no adapter of this name in crates/storage")).collect()
}

/// A pinned toolchain, which makes rustup fetch one.
fn pinned_toolchain(repository: &Repository) -> Vec<String> {
    let pins = ["rust-toolchain", "rust-toolchain.toml"].into_iter().filter(|path| repository.has(path));
    pins.map(|path| format!("{path}: rust-version in Cargo.toml says what is needed")).collect()
}

#[test]
fn a_source_file_has_at_most_300_lines() {
    let (most, more) = ("\n".repeat(300), "\n".repeat(301));
    holds(long_files, &[(&[("a.rs", &most), ("b.rs", &more), ("c.md", &more)], &["b.rs: 301 lines, at most 300"])]);
}

#[test]
fn no_file_is_more_than_four_folders_deep() {
    let files = [
        ("a/b/c/d/e.rs", ""),
        ("a/b/c/d/e/f.rs", ""),
        ("crates/a/src/b/c/d.rs", ""),
        ("crates/a/src/b/c/d/e.rs", ""),
        ("crates/storage/migrations/one/up.sql", ""),
    ];
    let reported: &[&str] =
        &["a/b/c/d/e/f.rs: more than 4 folders deep", "crates/a/src/b/c/d/e.rs: more than 4 folders deep"];
    holds(deep_files, &[(&files, reported)]);
}

#[test]
fn a_folder_has_at_most_twenty_source_files() {
    let names: Vec<String> = (1..=21).map(|number| format!("a/b/{number}.rs")).collect();
    let more: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let most = [&more[1..], &[("a/b/c.md", ""), ("a/b/c/d.rs", "")]].concat();
    holds(crowded_folders, &[(&most, &[]), (&more, &["a/b: 21 source files, at most 20"])]);
}

#[test]
fn the_root_has_at_most_twelve_visible_entries() {
    let names = "a b c d e f g h i j k l".split(' ').map(|name| (name, ""));
    let twelve: Vec<(&str, &str)> = names.chain([(".hidden", ""), ("a/b", "")]).collect();
    let mut thirteen = twelve.clone();
    thirteen.push(("m/n", ""));
    let reported = "the root has 13 entries, at most 12: a b c d e f g h i j k l m";
    holds(crowded_root, &[(&twelve, &[]), (&thirteen, &[reported])]);
}

#[test]
fn names_of_files_and_types_say_what_is_inside() {
    let files = [
        ("crates/a/src/utils.rs", ""),
        ("crates/common/src/lib.rs", "pub(crate) struct ReaderImpl<T>(T);\nstruct Implementation;"),
        ("crates/a/src/store_impl.rs", "use x::FooImpl;"),
        ("crates/a/src/manager_of_pools.rs", ""),
    ];
    let reported: &[&str] = &[
        "crates/a/src/store_impl.rs: says nothing",
        "crates/a/src/utils.rs: says nothing",
        "crates/common/src/lib.rs: says nothing",
        "crates/common/src/lib.rs: ReaderImpl says nothing",
    ];
    holds(empty_names, &[(&files, reported)]);
}

#[test]
fn no_module_hides_in_a_file_called_mod() {
    holds(mod_files, &[(&[("a/mod.rs", ""), ("a/remod.rs", "")], &["a/mod.rs: name it after what is in it"])]);
}

#[test]
fn every_port_has_an_adapter_of_the_same_file_name() {
    let port = "/// # Obligations of an implementor\npub trait Keeper {}";
    let reported = "crates/domain/src/keeping/keeper.rs: no adapter of this name in crates/storage";
    let (path, adapter) = ("crates/domain/src/keeping/keeper.rs", "crates/storage/src/rows/keeper.rs");
    holds(
        ports_without_a_mirror,
        &[
            (&[(path, port)], &[reported]),
            (&[(path, port), (adapter, "")], &[]),
            (&[(path, port), ("crates/storage/src/gatekeeper.rs", "")], &[reported]),
        ],
    );
}

#[test]
fn no_toolchain_is_pinned() {
    let reported = "rust-toolchain.toml: rust-version in Cargo.toml says what is needed";
    holds(pinned_toolchain, &[(&[("rust-toolchain.toml", "")], &[reported])]);
}
