//! Rules about the manifests: who may depend on whom, and what is set for everybody. A rule lists what breaks it.

use crate::rule::holds;
use crate::walls::WALLS;
use annotation_statistics_tests::Repository;
use cargo_metadata::{DependencyKind, MetadataCommand};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The members that hold no part of the program.
const TESTS: [&str; 2] = ["annotation-statistics-tests", "annotation-statistics-tools"];

/// Crates, and what each depends on outside of tests.
type Dependencies = BTreeMap<String, BTreeSet<String>>;

/// What the manifests say, optional dependencies included.
fn declared_dependencies() -> Dependencies {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
    let members = metadata.packages.into_iter().map(|package| {
        let normal = package.dependencies.into_iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        (package.name.to_string(), normal.map(|dependency| dependency.name).collect())
    });
    members.filter(|(name, _)| !TESTS.contains(&name.as_str())).collect()
}

/// Dependencies that are not in the table of the walls, and those that are there and no longer needed.
fn broken_walls(found: &Dependencies) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from(WALLS);
    let each = found.iter().flat_map(|(name, dependencies)| {
        let allowed = allowed.get(name.as_str()).copied().unwrap_or_default();
        let strange = dependencies.iter().filter(|dependency| !allowed.contains(&dependency.as_str()));
        let missing = allowed.iter().filter(|dependency| !dependencies.contains(**dependency));
        let strange = strange.map(move |dependency| format!("{name} must not depend on {dependency}"));
        strange.chain(missing.map(move |dependency| format!("{name} no longer depends on {dependency}")))
    });
    let gone = WALLS.iter().filter(|(name, _)| !found.contains_key(*name)).map(|(name, _)| format!("{name} is gone"));
    each.chain(gone).collect()
}

/// Shared versions without a comment in the line above that says what they are for. The crates of this repository need none.
fn unexplained_versions(repository: &Repository) -> Vec<String> {
    let lines: Vec<&str> = repository.text("Cargo.toml").lines().collect();
    let pairs = lines.windows(2).skip_while(|pair| pair[0] != "[workspace.dependencies]");
    let section = pairs.take_while(|pair| !pair[1].starts_with('['));
    let versions = section.filter(|pair| pair[1].contains(" = ") && !pair[1].starts_with('#'));
    let bare = versions.filter(|pair| !pair[0].starts_with('#') && !pair[1].contains("path = \"crates/"));
    bare.map(|pair| format!("Cargo.toml: say why in the line above: {}", pair[1])).collect()
}

/// Manifests that do not inherit what the workspace sets for everybody. Tests have lints of their own: they may panic.
fn disinherited(repository: &Repository) -> Vec<String> {
    let manifests = repository.ending("/Cargo.toml");
    let found = manifests.flat_map(|(path, text)| {
        let shared = ["version", "edition", "rust-version", "license", "publish"];
        let lines = shared.map(|key| format!("{key}.workspace = true\n"));
        let section = (!path.starts_with("tests/")).then(|| "[lints]\nworkspace = true\n".to_owned());
        let missing = lines.into_iter().chain(section).filter(|line| !text.contains(line.as_str()));
        missing.map(move |line| format!("{path}: {} is missing", line.trim_end().replace('\n', " ")))
    });
    found.collect()
}

/// What makes the compiler and clippy hold the rest of the rules, where it is not set.
fn missing_lints(repository: &Repository) -> Vec<String> {
    let needed = [
        (".clippy.toml", "too-many-lines-threshold = 40"),
        (".clippy.toml", r#"path = "std::env::var""#),
        (".clippy.toml", r#"path = "std::env::var_os""#),
        (".clippy.toml", r#"path = "actix_web::web::Query""#),
        ("Cargo.toml", r#"too_many_lines = "deny""#),
        ("Cargo.toml", r#"disallowed_methods = "deny""#),
        ("Cargo.toml", r#"disallowed_types = "deny""#),
        ("Cargo.toml", r#"unwrap_used = "deny""#),
        ("Cargo.toml", r#"missing_docs = "deny""#),
        ("Cargo.toml", r#"unsafe_code = "forbid""#),
        ("tests/Cargo.toml", r#"too_many_lines = "deny""#),
        ("tests/Cargo.toml", r#"unsafe_code = "forbid""#),
        ("tests/tools/Cargo.toml", r#"too_many_lines = "deny""#),
        ("tests/tools/Cargo.toml", r#"unsafe_code = "forbid""#),
    ];
    let says = |line: &str, needed: &str| line == needed || (needed.starts_with("path") && line.contains(needed));
    let missing = needed.iter().filter(|(path, needed)| !repository.text(path).lines().any(|line| says(line, needed)));
    missing.map(|(path, line)| format!("{path}: {line} is missing")).collect()
}

#[test]
fn each_crate_depends_on_what_its_walls_let_through() {
    assert_eq!(broken_walls(&declared_dependencies()), [""; 0]);

    let mut broken = declared_dependencies();
    broken.get_mut("annotation-statistics-domain").unwrap().insert("actix-web".into());
    broken.get_mut("annotation-statistics-api").unwrap().insert("annotation-statistics-storage".into());
    broken.get_mut("embedded-postgres").unwrap().remove("rustix");
    broken.remove("annotation-statistics-formats");
    broken.insert("new".into(), ["serde".into()].into());
    let reported = [
        "annotation-statistics-api must not depend on annotation-statistics-storage",
        "annotation-statistics-domain must not depend on actix-web",
        "embedded-postgres no longer depends on rustix",
        "new must not depend on serde",
        "annotation-statistics-formats is gone",
    ];
    assert_eq!(broken_walls(&broken), reported);
}

#[test]
fn every_shared_version_has_its_reason_in_the_line_above() {
    let manifest =
        "[workspace.dependencies]\nours = { path = \"crates/ours\" }\n# Why.\na = \"1\"\nb = \"2\"\n\n[x]\nc = \"3\"\n";
    holds(
        unexplained_versions,
        &[(&[("Cargo.toml", manifest)], &["Cargo.toml: say why in the line above: b = \"2\""])],
    );
}

#[test]
fn every_crate_inherits_what_is_set_for_everybody() {
    let shared =
        "version.workspace = true\nedition.workspace = true\nlicense.workspace = true\npublish.workspace = true\n";
    let reported: &[&str] = &[
        "crates/a/Cargo.toml: rust-version.workspace = true is missing",
        "crates/a/Cargo.toml: [lints] workspace = true is missing",
        "tests/Cargo.toml: rust-version.workspace = true is missing",
    ];
    holds(disinherited, &[(&[("crates/a/Cargo.toml", shared), ("tests/Cargo.toml", shared)], reported)]);
}

#[test]
fn the_lints_that_hold_the_other_rules_are_set() {
    let mut files: Vec<(&str, &str)> = [".clippy.toml", "Cargo.toml", "tests/Cargo.toml", "tests/tools/Cargo.toml"]
        .map(|path| (path, Repository::real().text(path)))
        .into();
    let looser = files[0].1.replace("threshold = 40", "threshold = 400");
    files[0].1 = &looser;
    holds(missing_lints, &[(&files, &[".clippy.toml: too-many-lines-threshold = 40 is missing"])]);
}
