//! PostgreSQL's programs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::{Error, installations, version};

/// The programs that a folder must have.
const NEEDED: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// The programs of one installation of PostgreSQL, all in one folder.
#[derive(Debug, Clone)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
    /// The other installations found, for data of another version.
    others: Vec<PathBuf>,
}

impl Binaries {
    /// Finds them in `search_path` (a `PATH`), by `pg_config --bindir` (when it is on that path), in
    /// `/usr/lib/postgresql/*/bin` and in Homebrew's folders, in this order and the highest version first.
    ///
    /// # Errors
    ///
    /// [`Error::BinariesNotFound`] names the package to install; [`Error::UnknownVersion`] and [`Error::Run`] mean that
    /// the `postgres` found does not work.
    pub fn find(search_path: Option<&OsStr>) -> Result<Self, Error> {
        Self::among(installations::candidates(search_path))
    }

    /// Uses those in `folder`.
    ///
    /// # Errors
    ///
    /// As [`Binaries::find`].
    pub fn find_in(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        Self::among(vec![folder.into()])
    }

    /// The folder they are in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Their major version.
    pub fn major_version(&self) -> u32 {
        self.major
    }

    /// The path of a program beside them, such as `psql` or `pgbench`, which may not exist.
    pub fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    fn among(candidates: Vec<PathBuf>) -> Result<Self, Error> {
        let (mut complete, incomplete): (Vec<_>, Vec<_>) =
            candidates.into_iter().map(resolve_links).partition(|folder| is_complete(folder));
        if complete.is_empty() {
            let searched: Vec<_> = incomplete.iter().map(|folder| folder.display().to_string()).collect();
            let searched = if searched.is_empty() { "the usual folders".to_owned() } else { searched.join(", ") };
            return Err(Error::BinariesNotFound { searched });
        }
        let folder = complete.remove(0);
        Ok(Self { major: version::of_programs(&folder)?, folder, others: complete })
    }

    /// Those of the version of a cluster's data, if it has data. `folder` is its name in errors.
    pub(crate) fn fitting(&self, data: &Path, folder: &Path) -> Result<Self, Error> {
        let Some(needed) = version::of_data(data) else {
            return Ok(self.clone());
        };
        let fits = |major: u32| needed == major.to_string() || needed.starts_with(&format!("{major}."));
        if fits(self.major) {
            return Ok(self.clone());
        }
        self.others
            .iter()
            .find_map(|other| {
                let major = version::of_programs(other).ok().filter(|major| fits(*major))?;
                Some(Self { folder: other.clone(), major, others: Vec::new() })
            })
            .ok_or_else(|| Error::WrongVersion { folder: folder.to_path_buf(), needed, installed: self.major })
    }
}

fn is_complete(folder: &Path) -> bool {
    NEEDED.iter().all(|program| folder.join(program).is_file())
}

/// The folder behind symbolic links: on some machines PATH has links to only a few of the programs.
fn resolve_links(folder: PathBuf) -> PathBuf {
    let real = folder.join("postgres").canonicalize().ok();
    let target = real.as_deref().and_then(Path::parent).filter(|target| is_complete(target));
    target.map_or(folder, Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::{Binaries, NEEDED};
    use crate::Error;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    fn install(folder: &Path, programs: &[&str], version: &str) -> PathBuf {
        fs::create_dir_all(folder).unwrap();
        for program in programs {
            let path = folder.join(program);
            fs::write(&path, format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder.to_path_buf()
    }

    fn data_of(folder: &Path, version: &str) -> PathBuf {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("PG_VERSION"), format!("{version}\n")).unwrap();
        folder.to_path_buf()
    }

    #[test]
    fn a_folder_with_only_some_of_the_programs_is_passed_over() {
        let temp = tempfile::tempdir().unwrap();
        let some = install(&temp.path().join("some"), &["postgres", "psql"], "17.1");
        let all = install(&temp.path().join("all"), &NEEDED, "15.2");

        let binaries = Binaries::among(vec![some, all.clone()]).unwrap();

        assert_eq!(binaries.folder(), all);
        assert_eq!(binaries.major_version(), 15);
        assert_eq!(binaries.path("psql"), all.join("psql"));
    }

    #[test]
    fn links_to_a_few_of_the_programs_lead_to_all_of_them() {
        let temp = tempfile::tempdir().unwrap();
        let home = install(&temp.path().join("home"), &[&NEEDED[..], &["psql"]].concat(), "15.2");
        let links = temp.path().join("links");
        fs::create_dir(&links).unwrap();
        for program in NEEDED {
            std::os::unix::fs::symlink(home.join(program), links.join(program)).unwrap();
        }

        let binaries = Binaries::among(vec![links]).unwrap();

        assert_eq!(binaries.path("psql"), home.canonicalize().unwrap().join("psql"));
    }

    #[test]
    fn when_nothing_is_found_the_error_says_where_it_looked_and_what_to_install() {
        let message = Binaries::find_in("/does/not/exist").unwrap_err().to_string();

        for part in ["/does/not/exist", "make setup", "apt-get install postgresql", "brew install postgresql"] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn data_of_another_version_is_served_by_the_installation_that_fits() {
        let temp = tempfile::tempdir().unwrap();
        let new = install(&temp.path().join("new"), &NEEDED, "17.1");
        let old = install(&temp.path().join("old"), &NEEDED, "15.2");
        let binaries = Binaries::among(vec![new.clone(), old.clone()]).unwrap();

        let for_old = binaries.fitting(&data_of(&temp.path().join("15"), "15"), temp.path()).unwrap();
        let for_none = binaries.fitting(&temp.path().join("nothing"), temp.path()).unwrap();

        assert_eq!(for_old.folder(), old);
        assert_eq!(for_none.folder(), new);
    }

    #[test]
    fn data_of_a_version_that_is_not_installed_is_refused_with_both_versions() {
        let temp = tempfile::tempdir().unwrap();
        let binaries = Binaries::among(vec![install(&temp.path().join("bin"), &NEEDED, "17.1")]).unwrap();

        let error = binaries.fitting(&data_of(&temp.path().join("data"), "1"), temp.path()).unwrap_err();

        assert!(matches!(&error, Error::WrongVersion { needed, installed: 17, .. } if needed == "1"), "{error}");
        assert!(error.to_string().contains("pg_dumpall 1"), "{error}");
    }
}
