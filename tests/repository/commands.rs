//! Rules about what people call: `make`, and what checks a change. A rule lists what breaks it.

use crate::rule::holds;
use annotation_statistics_tests::Repository;

const MOST_RECIPE_LINES: usize = 3;

/// Targets of the Makefile without a `##` help text, and recipes that are too long to be read at a glance.
fn obscure_targets(repository: &Repository) -> Vec<String> {
    let mut found = Vec::new();
    let mut target = ("", 0);
    for line in repository.text("Makefile").lines() {
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
fn clever_checks(repository: &Repository) -> Vec<String> {
    let lines = repository.text(".ci/run").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let clever = lines.filter(|line| !["set ", "cd ", "export ", "make "].iter().any(|start| line.starts_with(start)));
    clever.map(|line| format!(".ci/run: {line}: make it a target of the Makefile")).collect()
}

#[test]
fn every_make_target_has_help_and_a_recipe_of_at_most_three_lines() {
    let makefile = "A := 1\n.PHONY: a b\n\na: ## Help\n\t1\n\t2\n\t3\nb: a\n\t1\n\t2\n\t3\n\t4\n\t5\n";
    let reported: &[&str] = &["Makefile: b has no ## help", "Makefile: b has more than 3 lines"];
    holds(obscure_targets, &[(&[("Makefile", makefile)], reported)]);
}

#[test]
fn what_checks_a_change_only_calls_make() {
    let script = "#!/bin/sh\nset -e\nmake test\ncargo test\n";
    holds(clever_checks, &[(&[(".ci/run", script)], &[".ci/run: cargo test: make it a target of the Makefile"])]);
}
