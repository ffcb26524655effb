//! The version of the program.

use std::sync::LazyLock;

/// The version, and after a `+` the commit, where `BUILD_COMMIT` was set in the build.
pub(crate) static VERSION: LazyLock<String> = LazyLock::new(|| with_commit(option_env!("BUILD_COMMIT")));

fn with_commit(commit: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match commit.filter(|commit| !commit.is_empty()) {
        Some(commit) => format!("{version}+{commit}"),
        None => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commit_follows_the_version_where_it_is_known() {
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(with_commit(Some("83a5811")), format!("{version}+83a5811"));
        assert_eq!((with_commit(Some("")), with_commit(None)), (version.to_owned(), version.to_owned()));
    }
}
