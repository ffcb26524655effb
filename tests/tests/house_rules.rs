//! The rules of the house that neither the compiler nor clippy holds. Each test holds one against the repository, and
//! shows that a planted breach of it is noticed.

use annotation_statistics_tests::{
    House, broken_decisions, broken_walls, busy_roots, clever_checks, crowded_root, dead_headings, dead_paths,
    declared_dependencies, deep_files, disinherited, empty_names, glob_exports, ignored_tests, long_files,
    missing_lints, mod_files, obscure_targets, pinned_toolchain, ports_without_a_mirror, terse_tests,
    undocumented_settings, unexplained_settings, unexplained_versions,
};

type Rule = fn(&House) -> Vec<String>;

/// Planted files, path and text, and what the rule tells about them.
type Breach<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

/// The repository keeps the rule, and each planted house breaks it as told.
fn holds(rule: Rule, breaches: &[Breach<'_>]) {
    assert_eq!(rule(House::real()), [""; 0]);
    assert!(!breaches.is_empty(), "show that the rule can be broken");
    for (files, told) in breaches {
        assert_eq!(rule(&House::planted(files)), *told);
    }
}

#[test]
fn the_house_that_is_checked_is_this_one() {
    for path in ["Cargo.toml", ".ci/run", "crates/domain/src/lib.rs", "tests/tests/house_rules.rs", "docs/adr"] {
        assert!(House::real().has(path), "{path}");
    }
    assert!(!House::real().paths().any(|path| path.starts_with("target/") || path.starts_with(".git/")));
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
    let told = [
        "annotation-statistics-api must not depend on annotation-statistics-storage",
        "annotation-statistics-domain must not depend on actix-web",
        "embedded-postgres no longer depends on rustix",
        "new must not depend on serde",
        "annotation-statistics-formats is gone",
    ];
    assert_eq!(broken_walls(&broken), told);
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
    let told: &[&str] = &[
        "crates/a/Cargo.toml: rust-version.workspace = true is missing",
        "crates/a/Cargo.toml: [lints] workspace = true is missing",
        "tests/Cargo.toml: rust-version.workspace = true is missing",
    ];
    holds(disinherited, &[(&[("crates/a/Cargo.toml", shared), ("tests/Cargo.toml", shared)], told)]);
}

#[test]
fn the_lints_that_hold_the_other_rules_are_set() {
    let mut files: Vec<(&str, &str)> =
        [".clippy.toml", "Cargo.toml", "tests/Cargo.toml"].map(|path| (path, House::real().text(path))).into();
    let looser = files[0].1.replace("threshold = 40", "threshold = 400");
    files[0].1 = &looser;
    holds(missing_lints, &[(&files, &[".clippy.toml: too-many-lines-threshold = 40 is missing"])]);
}

#[test]
fn no_toolchain_is_pinned() {
    let told = "rust-toolchain.toml: rust-version in Cargo.toml says what is needed";
    holds(pinned_toolchain, &[(&[("rust-toolchain.toml", "")], &[told])]);
}

#[test]
fn a_source_file_has_at_most_300_lines() {
    let (most, more) = ("\n".repeat(300), "\n".repeat(301));
    holds(long_files, &[(&[("a.rs", &most), ("b.rs", &more), ("c.md", &more)], &["b.rs: 301 lines, at most 300"])]);
}

#[test]
fn no_file_is_more_than_four_folders_deep() {
    let files = [("a/b/c/d/e.rs", ""), ("a/b/c/d/e/f.rs", ""), ("crates/storage/migrations/one/up.sql", "")];
    holds(deep_files, &[(&files, &["a/b/c/d/e/f.rs: more than 4 folders deep"])]);
}

#[test]
fn the_root_has_at_most_twelve_visible_entries() {
    let names = "a b c d e f g h i j k l".split(' ').map(|name| (name, ""));
    let twelve: Vec<(&str, &str)> = names.chain([(".hidden", ""), ("a/b", "")]).collect();
    let mut thirteen = twelve.clone();
    thirteen.push(("m/n", ""));
    let told = "the root has 13 entries, at most 12: a b c d e f g h i j k l m";
    holds(crowded_root, &[(&twelve, &[]), (&thirteen, &[told])]);
}

#[test]
fn names_of_files_and_types_say_what_is_inside() {
    let files = [
        ("crates/a/src/utils.rs", ""),
        ("crates/common/src/lib.rs", "pub(crate) struct ReaderImpl<T>(T);\nstruct Implementation;"),
        ("crates/a/src/store_impl.rs", "use x::FooImpl;"),
        ("crates/a/src/manager_of_pools.rs", ""),
    ];
    let told: &[&str] = &[
        "crates/a/src/store_impl.rs: says nothing",
        "crates/a/src/utils.rs: says nothing",
        "crates/common/src/lib.rs: says nothing",
        "crates/common/src/lib.rs: ReaderImpl says nothing",
    ];
    holds(empty_names, &[(&files, told)]);
}

#[test]
fn no_module_hides_in_a_file_called_mod() {
    holds(mod_files, &[(&[("a/mod.rs", ""), ("a/remod.rs", "")], &["a/mod.rs: name it after what is in it"])]);
}

#[test]
fn every_export_is_named() {
    let source = "pub use a::b;\nuse c::*;\n    pub use d::*;\n";
    holds(glob_exports, &[(&[("a.rs", source)], &["a.rs: pub use d::*;: name what is exported"])]);
}

#[test]
fn a_library_root_is_documentation_modules_and_exports() {
    let source = "//! A crate.\n\nmod a;\n#[cfg(test)]\nmod b;\n\npub use a::{\n    C, D,\n};\npub fn e() {}\n";
    holds(busy_roots, &[(&[("crates/a/src/lib.rs", source)], &["crates/a/src/lib.rs: pub fn e() {}"])]);
}

#[test]
fn every_test_is_run() {
    let source = "#[test]\n    #[ignore = \"slow\"]\nfn a() {}";
    holds(ignored_tests, &[(&[("a.rs", source)], &["a.rs: #[ignore = \"slow\"]: mend the test, or remove it"])]);
}

#[test]
fn the_name_of_a_test_is_a_sentence() {
    let source = "#[test]\nfn it_works() {}\n#[tokio::test]\n#[expect(x)]\nasync fn two_and_two_are_four() {}\n";
    holds(terse_tests, &[(&[("a.rs", source)], &["a.rs: it_works is no sentence"])]);
}

#[test]
fn every_port_has_an_adapter_of_the_same_file_name() {
    let port = "/// # Obligations of an implementor\npub trait Keeper {}";
    let told = "crates/storage/src/keeper.rs: missing, the adapter of a port";
    holds(ports_without_a_mirror, &[(&[("crates/domain/src/keeper.rs", port)], &[told])]);
}

#[test]
fn documents_name_only_paths_that_exist() {
    let text = "[a](../a.rs), [b](b.md#c), [c](https://x.y/z), [d](gone.md); `crates/a/src/lib.rs:7`, `config/NAME.toml` and\n\
                `crates/gone/`. See docs/, http://host/docs/x.";
    let files = [("a.rs", ""), ("docs/b.md", ""), ("docs/z.md", text), ("crates/a/src/lib.rs", "")];
    let told: &[&str] = &["docs/z.md: crates/gone/ is not there", "docs/z.md: gone.md is not there"];
    holds(dead_paths, &[(&files, told)]);
}

#[test]
fn documents_name_only_headings_that_exist() {
    let files =
        [("a.md", "# One, two\n[x](#one-two) [y](#three) [z](b/c.md#four) [w](b/c.md#five)"), ("b/c.md", "## Four")];
    holds(dead_headings, &[(&files, &["a.md: #three is not there", "a.md: b/c.md#five is not there"])]);
}

#[test]
fn decisions_are_numbered_without_gaps_and_have_three_parts() {
    let good = "# 1. A\n\n## Context\n\n## Decision\n\n## Consequences\n";
    let files = [("docs/adr/0001-a.md", good), ("docs/adr/0003-b.md", "# 2. B\n\n## Context\n\n## Decision\n")];
    let told: &[&str] =
        &["docs/adr/0003-b.md: does not start with docs/adr/0002-", "docs/adr/0003-b.md: ## Consequences is missing"];
    holds(broken_decisions, &[(&files, told)]);
}

#[test]
fn every_make_target_has_help_and_a_recipe_of_at_most_three_lines() {
    let makefile = "A := 1\n.PHONY: a b\n\na: ## Help\n\t1\n\t2\n\t3\nb: a\n\t1\n\t2\n\t3\n\t4\n\t5\n";
    let told: &[&str] = &["Makefile: b has no ## help", "Makefile: b has more than 3 lines"];
    holds(obscure_targets, &[(&[("Makefile", makefile)], told)]);
}

#[test]
fn what_checks_a_change_only_calls_make() {
    let script = "#!/bin/sh\nset -e\nmake test\ncargo test\n";
    holds(clever_checks, &[(&[(".ci/run", script)], &[".ci/run: cargo test: make it a target of the Makefile"])]);
}

#[test]
fn every_setting_is_explained_in_the_line_above() {
    let settings = "# All.\n\n[a]\n# What.\nb = 1\nc = 2\n";
    let told = "config/default.toml: say what it does in the line above: c = 2";
    holds(unexplained_settings, &[(&[("config/default.toml", settings)], &[told])]);
}

#[test]
fn every_setting_stands_in_the_document_for_operators_as_it_is() {
    let defaults = "[server]\n# Where.\nbind = \"a\"\n# How\n# many.\nworkers = 0\n";
    let start = "| setting | default | what it is |\n| --- | --- | --- |\n";
    let right = format!("{start}| `server.bind` | `\"a\"` | Where. |\n| `server.workers` | `0` | How many. |\n\n| x |");
    let house = |table: &str| House::planted(&[("config/default.toml", defaults), ("docs/OPERATIONS.md", table)]);
    assert_eq!(undocumented_settings(&house(&right)), [""; 0]);
    assert_eq!(
        undocumented_settings(&house(&right.replace("`0`", "`1`"))),
        [
            "docs/OPERATIONS.md: add | `server.workers` | `0` | How many. |",
            "docs/OPERATIONS.md: remove | `server.workers` | `1` | How many. |"
        ]
    );
    assert_eq!(undocumented_settings(House::real()), [""; 0]);
}
