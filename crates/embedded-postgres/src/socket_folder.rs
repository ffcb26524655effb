//! The folder of the Unix socket: private, and short enough.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::cluster::folder::{self, ClusterFolder};
use crate::{Error, files};

/// The port is a part of the socket's name only: the folder is private, so it need not vary.
pub(crate) const PORT: u16 = 5432;

/// The longest path of a socket on all systems: macOS has 104 bytes with the final zero, Linux 108.
const MAX_PATH: usize = 103;

/// How many names in the temp folder are tried before giving up.
const ATTEMPTS: u32 = 16;

/// Creates the folder: in the cluster's own, or in the temp folder when that path is too long.
pub(crate) fn prepare(cluster_folder: &ClusterFolder, account: &Account) -> Result<PathBuf, Error> {
    let own = cluster_folder.socket_folder();
    if fits(&own) {
        folder::make(&own, 0o700)?;
        files::secure(&own, account)?;
        return Ok(own);
    }
    (0..ATTEMPTS)
        .map(|attempt| Path::new("/tmp").join(format!("pg-{}-{attempt}", folder::stable_name(cluster_folder.folder()))))
        .find(|folder| {
            folder::make(folder, 0o700).is_ok() && is_ours(folder, account) && files::secure(folder, account).is_ok()
        })
        .ok_or_else(|| Error::NoSocketFolder { folder: cluster_folder.requested().to_path_buf() })
}

/// Removes what a dead server left. Its lock file would stop the next one if the process id is in use again.
pub(crate) fn sweep(folder: &Path) -> Result<(), Error> {
    let socket = socket_in(folder);
    let mut lock = OsString::from(&socket);
    lock.push(".lock");
    for path in [socket, PathBuf::from(lock)] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::file("remove", &path)(error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn socket_in(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

fn fits(folder: &Path) -> bool {
    socket_in(folder).as_os_str().as_bytes().len() <= MAX_PATH
}

/// In the temp folder, another user may have created a folder, or a link, of this name before.
fn is_ours(folder: &Path, account: &Account) -> bool {
    let ourselves = rustix::process::geteuid().as_raw();
    folder.symlink_metadata().is_ok_and(|found| found.is_dir() && [ourselves, account.uid()].contains(&found.uid()))
}

#[cfg(test)]
mod tests {
    use super::{fits, prepare, sweep};
    use crate::account::Account;
    use crate::cluster::folder::{ClusterFolder, stable_name};
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    #[test]
    fn a_folder_fits_as_long_as_the_socket_in_it_does() {
        let socket = "/.s.PGSQL.5432".len();
        assert!(fits(&Path::new("/").join("x".repeat(103 - socket - 1))));
        assert!(!fits(&Path::new("/").join("x".repeat(103 - socket))));
    }

    #[test]
    fn a_too_long_path_gets_a_private_folder_in_the_temp_folder_and_never_that_of_another_user() {
        let temp = tempfile::tempdir().unwrap();
        fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let account = Account::for_data(temp.path().join("nothing").as_ref()).unwrap();
        let cluster_folder = ClusterFolder::prepare(&temp.path().join("long".repeat(30)), None, &account).unwrap();
        let planted = format!("/tmp/pg-{}-0", stable_name(cluster_folder.folder()));
        std::os::unix::fs::symlink(temp.path(), &planted).unwrap();

        let folder = prepare(&cluster_folder, &account).unwrap();

        let mode = fs::metadata(&folder).unwrap().permissions().mode();
        fs::remove_dir(&folder).unwrap();
        fs::remove_file(&planted).unwrap();
        assert_eq!(folder, Path::new(&format!("{}-1", planted.trim_end_matches("-0"))));
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_dead_servers_socket_and_its_lock_are_swept() {
        let temp = tempfile::tempdir().unwrap();
        for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"] {
            fs::write(temp.path().join(name), "1\n").unwrap();
        }

        sweep(temp.path()).unwrap();
        sweep(temp.path()).unwrap();

        assert!(fs::read_dir(temp.path()).unwrap().next().is_none());
    }
}
