//! Rules about what is in source files. A rule lists what breaks it.

use crate::rule::holds;
use annotation_statistics_tests::Repository;

/// Re-exports of whatever there may be.
fn glob_exports(repository: &Repository) -> Vec<String> {
    lines_that(repository, ".rs", |line| line.starts_with("pub use ") && line.contains("::*"), "name what is exported")
}

/// Tests that are not run.
fn ignored_tests(repository: &Repository) -> Vec<String> {
    lines_that(repository, ".rs", |line| line.starts_with("#[ignore"), "fix the test, or remove it")
}

fn lines_that(repository: &Repository, end: &str, is_bad: fn(&str) -> bool, advice: &str) -> Vec<String> {
    let found = repository.ending(end).flat_map(|(path, text)| {
        let bad = text.lines().map(str::trim_start).filter(move |line| is_bad(line));
        bad.map(move |line| format!("{path}: {line}: {advice}"))
    });
    found.collect()
}

/// What a `lib.rs` has besides documentation, modules, names of other crates and re-exports. One of procedural macros is
/// left out: the compiler takes them from nowhere else.
fn busy_roots(repository: &Repository) -> Vec<String> {
    const STARTS: [&str; 4] = ["mod ", "pub mod ", "extern crate ", "pub use "];
    let roots = repository.ending("/lib.rs").filter(|(_, text)| !text.contains("\n#[proc_macro"));
    let found = roots.flat_map(|(path, text)| {
        let is_code = |line: &&str| !line.is_empty() && !line.starts_with("//") && !line.starts_with("#[");
        let code: Vec<&str> = text.lines().map(str::trim).filter(is_code).collect();
        let code = code.join(" ");
        let statements: Vec<String> = code.split(';').map(|statement| statement.trim().to_owned()).collect();
        let is_busy =
            |statement: &String| !statement.is_empty() && !STARTS.iter().any(|start| statement.starts_with(start));
        statements.into_iter().filter(is_busy).map(move |statement| format!("{path}: {statement}"))
    });
    found.collect()
}

/// Tests whose name is no sentence.
fn terse_tests(repository: &Repository) -> Vec<String> {
    let found = repository.ending(".rs").flat_map(|(path, text)| {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let tests = lines.iter().enumerate().filter(|(_, line)| line.starts_with("#[") && line.ends_with("test]"));
        let names = tests.filter_map(|(at, _)| lines[at..].iter().find_map(|line| line.split_once("fn ")));
        let names: Vec<&str> = names.filter_map(|(_, rest)| rest.split(['(', '<']).next()).collect();
        let terse = names.into_iter().filter(|name| name.matches('_').count() < 2);
        terse.map(move |name| format!("{path}: {name} is no sentence"))
    });
    found.collect()
}

#[test]
fn every_export_is_named() {
    let source = "pub use a::b;\nuse c::*;\n    pub use d::*;\n";
    holds(glob_exports, &[(&[("a.rs", source)], &["a.rs: pub use d::*;: name what is exported"])]);
}

#[test]
fn a_library_root_is_documentation_modules_and_exports() {
    let source = "//! A crate.\n\nextern crate f as g;\n\nmod a;\n#[cfg(test)]\nmod b;\n\npub use a::{\n    C, D,\n};\nfn e() {}\n";
    let macros = "//! Macros.\n\nuse a::B;\n\n#[proc_macro_derive(B)]\npub fn b(_: B) -> B {}\n";
    let planted = [("crates/a/src/lib.rs", source), ("crates/b/src/lib.rs", macros)];
    holds(busy_roots, &[(&planted, &["crates/a/src/lib.rs: fn e() {}"])]);
}

#[test]
fn every_test_is_run() {
    let source = "#[test]\n    #[ignore = \"slow\"]\nfn a() {}";
    holds(ignored_tests, &[(&[("a.rs", source)], &["a.rs: #[ignore = \"slow\"]: fix the test, or remove it"])]);
}

#[test]
fn the_name_of_a_test_is_a_sentence() {
    let source = "#[test]\nfn it_works() {}\n#[tokio::test]\n#[expect(x)]\nasync fn two_and_two_are_four() {}\n";
    holds(terse_tests, &[(&[("a.rs", source)], &["a.rs: it_works is no sentence"])]);
}
