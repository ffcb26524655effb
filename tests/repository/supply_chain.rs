//! Where the crates come from that the program is made of.

use annotation_statistics_tests::{Repository, software_bill};
use serde_json::Value;
use std::collections::BTreeSet;

fn texts<'a>(values: &'a Value, field: &str) -> Vec<&'a str> {
    values.as_array().unwrap().iter().map(|value| value[field].as_str().unwrap()).collect()
}

#[test]
fn the_bill_names_every_crate_of_the_program_once_with_its_licence_and_checksum() {
    let bill = software_bill();
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    assert_eq!(bill["metadata"]["component"]["purl"], "pkg:cargo/annotation-statistics@0.2.0");
    let names = texts(&bill["components"], "name");
    for shipped in ["annotation-statistics-domain", "actix-web", "diesel", "pq-sys", "serde_derive", "zstd-sys"] {
        assert!(names.contains(&shipped), "{shipped} is missing");
    }
    for of_tests in ["annotation-statistics-tests", "mockall", "proptest", "cargo_metadata"] {
        assert!(!names.contains(&of_tests), "{of_tests} is not part of the program");
    }
    for component in bill["components"].as_array().unwrap() {
        assert!(!component["licenses"][0]["expression"].as_str().unwrap().is_empty(), "{component}");
        let is_ours = component["name"].as_str().unwrap().starts_with("annotation-statistics")
            || component["name"] == "embedded-postgres";
        let hash = component["hashes"][0]["content"].as_str().unwrap_or_default();
        assert_eq!(hash.len(), if is_ours { 0 } else { 64 }, "{component}");
    }
}

#[test]
fn the_bill_knows_everybody_it_speaks_of_and_is_the_same_each_time() {
    let bill = software_bill();
    let mut known: BTreeSet<&str> = texts(&bill["components"], "bom-ref").into_iter().collect();
    assert_eq!(known.len(), bill["components"].as_array().unwrap().len(), "each is there once");
    known.insert(bill["metadata"]["component"]["bom-ref"].as_str().unwrap());
    let refs: BTreeSet<&str> = texts(&bill["dependencies"], "ref").into_iter().collect();
    assert_eq!(refs, known);
    for dependency in bill["dependencies"].as_array().unwrap() {
        for needed in dependency["dependsOn"].as_array().unwrap() {
            assert!(known.contains(needed.as_str().unwrap()), "{needed}");
        }
    }
    assert_eq!(bill, software_bill());
}

#[test]
fn every_crate_comes_from_crates_io_with_a_checksum() {
    let lock = Repository::real().text("Cargo.lock");
    let packages: Vec<&str> = lock.split("[[package]]").skip(1).collect();
    assert!(packages.len() > 100);
    for package in packages.iter().filter(|package| package.contains("\nsource = ")) {
        let source = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
        assert!(package.contains(source) && package.contains("\nchecksum = \""), "{package}");
    }
    let local = packages.iter().filter(|package| !package.contains("\nsource = ")).count();
    let members = Repository::real().ending("/Cargo.toml").count();
    assert_eq!(local, members, "whatever has no source is ours");
}

/// Whether one of the choices is of allowed licences only, as SPDX writes them; crates of old have `/` for OR.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let bare = expression.replace(['(', ')'], "").replace('/', " OR ");
    // In a product of sums, as `(A OR B) AND C`, AND binds last.
    let (outer, inner) = if expression.contains('(') { (" AND ", " OR ") } else { (" OR ", " AND ") };
    let mut outer_parts = bare.split(outer).map(|part| {
        let mut parts = part.split(inner).map(|licence| allowed.contains(&licence));
        if inner == " AND " { parts.all(|is_allowed| is_allowed) } else { parts.any(|is_allowed| is_allowed) }
    });
    if outer == " OR " { outer_parts.any(|is_allowed| is_allowed) } else { outer_parts.all(|is_allowed| is_allowed) }
}

#[test]
fn every_licence_is_one_of_those_that_may_be_depended_on() {
    let (_, list) = Repository::real().text(".deny.toml").split_once("allow = [").unwrap();
    let allowed: Vec<&str> = list.split(']').next().unwrap().split('"').skip(1).step_by(2).collect();
    for (expression, expected) in [
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0", false),
        ("Apache-2.0 AND GPL-3.0", false),
        ("GPL-3.0/MIT", true),
        ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND GPL-3.0", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
    for component in software_bill()["components"].as_array().unwrap() {
        let licence = component["licenses"][0]["expression"].as_str().unwrap();
        assert!(is_allowed(licence, &allowed), "{}: {licence} is not in .deny.toml", component["name"]);
    }
}

#[test]
fn whatever_builds_takes_the_versions_of_the_lock_file() {
    let builds = ["cargo build", "cargo run", "cargo test", "cargo clippy", "cargo doc", "cargo deny"];
    let mut found = 0;
    for path in ["Makefile", ".ci/run", ".ci/setup", "deploy/Dockerfile"] {
        let text = Repository::real().text(path).replace("$(EVERYTHING)", "--locked");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            for command in line.split("&&").filter(|command| builds.iter().any(|build| command.contains(build))) {
                assert!(command.contains("--locked"), "{path}: {command}");
                found += 1;
            }
        }
    }
    assert!(found > 6, "{found} commands build");
    assert!(Repository::real().text("Makefile").contains("EVERYTHING := --workspace --all-features --locked\n"));
}
