//! The folders in which PostgreSQL's programs may be installed.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::program;

/// Folders which hold one installation per version: the parent and the prefix of names.
const VERSIONED: [(&str, &str); 5] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql"),
    ("/usr/local/opt", "postgresql"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql"),
];

/// All candidates, preferred ones first: the search path, `pg_config --bindir`, then the usual folders.
pub(crate) fn candidates(search_path: Option<&OsStr>) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = search_path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
    folders.retain(|folder| folder.is_absolute());
    folders.extend(folders.iter().find_map(|folder| from_pg_config(folder)));
    for (parent, start) in VERSIONED {
        folders.extend(versions_in(Path::new(parent), start));
    }
    folders
}

fn from_pg_config(folder: &Path) -> Option<PathBuf> {
    let pg_config = folder.join("pg_config");
    if !pg_config.is_file() {
        return None;
    }
    let output = program::output(program::command(&pg_config).arg("--bindir")).ok()?;
    let path = PathBuf::from(OsStr::from_bytes(output.stdout.trim_ascii()));
    (output.status.success() && path.is_absolute()).then_some(path)
}

/// The program folders of all versions in `parent`, the highest version first.
fn versions_in(parent: &Path, start: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix(start)?.trim_start_matches('@');
            let numbers = version.split('.').map(str::parse).collect::<Result<Vec<u32>, _>>();
            // A name without a version (`/opt/homebrew/opt/postgresql`) is some link: last.
            let numbers = if version.is_empty() { Vec::new() } else { numbers.ok()? };
            Some((numbers, entry.path().join("bin")))
        })
        .collect();
    found.sort_by_key(|(numbers, _)| Reverse(numbers.clone()));
    found.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use super::{candidates, versions_in};
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_highest_version_comes_first_by_number_not_by_letters() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["9.6", "15", "100", "9.10", "15-old", "doc", ".hidden"] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }
        let expected = ["100", "15", "9.10", "9.6"].map(|name| parent.path().join(name).join("bin"));
        assert_eq!(versions_in(parent.path(), ""), expected);
    }

    #[test]
    fn homebrew_folders_are_recognised_with_and_without_a_version() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["postgresql", "postgresql@14", "postgresql@17", "postgrest"] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }
        let expected =
            ["postgresql@17", "postgresql@14", "postgresql"].map(|name| parent.path().join(name).join("bin"));
        assert_eq!(versions_in(parent.path(), "postgresql"), expected);
    }

    #[test]
    fn a_missing_parent_has_no_versions() {
        assert!(versions_in("/does/not/exist".as_ref(), "").is_empty());
    }

    #[test]
    fn the_search_path_comes_first_and_then_what_pg_config_reports() {
        let folder = tempfile::tempdir().unwrap();
        let pg_config = folder.path().join("pg_config");
        fs::write(&pg_config, "#!/bin/sh\necho /reported/by/pg_config\n").unwrap();
        fs::set_permissions(&pg_config, fs::Permissions::from_mode(0o755)).unwrap();
        let path = std::env::join_paths([OsStr::new("relative"), folder.path().as_os_str()]).unwrap();

        let found = candidates(Some(&path));

        assert_eq!(found[..2], [folder.path().to_path_buf(), "/reported/by/pg_config".into()]);
    }
}
