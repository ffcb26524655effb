//! The folder of a cluster, and the paths in it.

use std::fs::{self, DirBuilder, Permissions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::account::Account;

/// The folder of a cluster: as requested, and its real path.
#[derive(Debug, Clone)]
pub(crate) struct ClusterFolder {
    requested: PathBuf,
    folder: PathBuf,
}

impl ClusterFolder {
    /// The folder of the data, inside the cluster's folder.
    pub(crate) fn data_in(folder: &Path) -> PathBuf {
        folder.join("cluster")
    }

    /// Creates the folder, or that in `root_fallback`, so that `account` can enter it.
    pub(crate) fn prepare(folder: &Path, root_fallback: Option<&Path>, account: &Account) -> Result<Self, Error> {
        let requested = std::path::absolute(folder).map_err(Error::file("find", folder))?;
        if requested.as_os_str().as_bytes().iter().any(|byte| byte.is_ascii_control() || b"\"'\\$`".contains(byte)) {
            return Err(Error::UnusableName { folder: requested });
        }
        let (Some(parent), Some(name)) = (requested.parent(), requested.file_name()) else {
            return Err(Error::UnusableName { folder: requested });
        };
        if account.is_switched() {
            make_open(parent)?;
        } else {
            fs::create_dir_all(parent).map_err(Error::file("make", parent))?;
        }
        let requested = real(parent)?.join(name);
        if !account.is_switched() {
            make(&requested, 0o700)?;
        } else if !reach(&requested, account)? {
            match root_fallback {
                Some(base) => redirect(&requested, base, account)?,
                None => {
                    return Err(Error::Unreachable { folder: requested, user: account.name().to_owned() });
                }
            }
        }
        let folder = real(&requested)?;
        Ok(Self { requested, folder })
    }

    /// The folder as requested, for messages.
    pub(crate) fn requested(&self) -> &Path {
        &self.requested
    }

    /// The folder itself.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn data(&self) -> PathBuf {
        Self::data_in(&self.folder)
    }

    pub(crate) fn log_file(&self) -> PathBuf {
        self.folder.join("postgres.log")
    }

    pub(crate) fn lock_file(&self) -> PathBuf {
        self.folder.join("owner.lock")
    }

    pub(crate) fn socket_folder(&self) -> PathBuf {
        self.folder.join("socket")
    }
}

fn real(path: &Path) -> Result<PathBuf, Error> {
    path.canonicalize().map_err(Error::file("find", path))
}

/// Creates a folder; an existing one stays as it is.
pub(crate) fn make(folder: &Path, mode: u32) -> Result<(), Error> {
    match DirBuilder::new().mode(mode).create(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        other => other.map_err(Error::file("make", folder)),
    }
}

/// Creates the folder if `account` will be able to enter it; returns whether it can.
fn reach(folder: &Path, account: &Account) -> Result<bool, Error> {
    if folder.exists() {
        return Ok(account.can_enter(&real(folder)?)? || open(folder, account)?);
    }
    let parent = folder.parent().unwrap_or(folder);
    // A link to nowhere is left to the fallback, which may have made it.
    if folder.is_symlink() || !account.can_enter(parent)? {
        return Ok(false);
    }
    make(folder, 0o755)?;
    // A strict umask may have removed permissions.
    Ok(account.can_enter(folder)? || open(folder, account)?)
}

/// Opens an empty folder (a temp folder of mode 0700) to the account; one with contents is left as it is.
fn open(folder: &Path, account: &Account) -> Result<bool, Error> {
    let folder = real(folder)?;
    if !account.can_enter(folder.parent().unwrap_or(&folder))? || !is_empty(&folder)? {
        return Ok(false);
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o711)).map_err(Error::file("open", &folder))?;
    account.can_enter(&folder)
}

/// Whether a folder has no entries.
pub(crate) fn is_empty(folder: &Path) -> Result<bool, Error> {
    Ok(fs::read_dir(folder).map_err(Error::file("read", folder))?.next().is_none())
}

/// Makes `requested` a link to its own folder in `base`.
fn redirect(requested: &Path, base: &Path, account: &Account) -> Result<(), Error> {
    let base = std::path::absolute(base).map_err(Error::file("find", base))?;
    let target = base.join(stable_name(requested));
    make_open(&base)?;
    make_open(&target)?;
    let unreachable =
        |folder: &Path| Error::Unreachable { folder: folder.to_path_buf(), user: account.name().to_owned() };
    if !account.can_enter(&target)? {
        return Err(unreachable(&target));
    }
    let is_linked = || fs::read_link(requested).is_ok_and(|link| link == target);
    if is_linked() {
        return Ok(());
    }
    // Only an empty folder is replaced: contents are never moved or hidden.
    if requested.is_dir() && !requested.is_symlink() && fs::remove_dir(requested).is_err() {
        return Err(unreachable(requested));
    }
    // Another start may be doing the same.
    symlink(&target, requested)
        .or_else(|error| if is_linked() { Ok(()) } else { Err(error) })
        .map_err(Error::file("link", requested))
}

/// Creates a folder and its parents with access for all users, whatever the umask; existing ones stay as they are.
fn make_open(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    folder.parent().map_or(Ok(()), make_open)?;
    make(folder, 0o755)?;
    fs::set_permissions(folder, Permissions::from_mode(0o755)).map_err(Error::file("open", folder))
}

/// A name that never changes for a path: FNV-1a, as the hashes of the standard library may change.
pub(crate) fn stable_name(path: &Path) -> String {
    let hash = path
        .as_os_str()
        .as_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::{ClusterFolder, stable_name};
    use crate::Error;
    use crate::account::Account;

    #[test]
    fn the_name_of_a_path_never_changes() {
        assert_eq!(stable_name("".as_ref()), "cbf29ce484222325");
        assert_eq!(stable_name("a".as_ref()), "af63dc4c8601ec8c");
    }

    #[test]
    fn a_path_that_a_shell_would_read_differently_is_refused() {
        let account = Account::for_data("/does/not/exist".as_ref()).unwrap();
        for name in ["$(date)", "a\"b", "a'b", "a`b", "a\\b", "a\nb"] {
            let folder = std::env::temp_dir().join(name);
            let refused = ClusterFolder::prepare(&folder, None, &account);
            assert!(matches!(refused, Err(Error::UnusableName { .. })), "{name}");
        }
    }
}
