//! How a rule is held: against the repository, and against planted breaches of it.

use annotation_statistics_tests::Repository;

/// Lists what breaks it.
pub(crate) type Rule = fn(&Repository) -> Vec<String>;

/// Planted files, path and text, and what the rule reports about them.
pub(crate) type Breach<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

/// Each planted repository breaks the rule as reported, and the real one keeps it.
pub(crate) fn holds(rule: Rule, breaches: &[Breach<'_>]) {
    for (files, reported) in breaches {
        assert_eq!(rule(&Repository::planted(files)), *reported);
    }
    assert!(!breaches.is_empty(), "show that the rule can be broken");
    assert_eq!(rule(Repository::real()), [""; 0]);
}

#[test]
fn the_repository_that_is_checked_is_this_one() {
    for path in ["Cargo.toml", ".ci/run", "crates/domain/src/lib.rs", "tests/repository/main.rs", "docs/adr"] {
        assert!(Repository::real().has(path), "{path}");
    }
    assert!(!Repository::real().paths().any(|path| path.starts_with("target/") || path.starts_with(".git/")));
}
