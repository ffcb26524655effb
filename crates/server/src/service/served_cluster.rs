//! The private clusters that servers of this user run: a file for each in the data folder, so that commands find it from
//! any folder.

use crate::settings::data_folder;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The folder of the files, in the data folder.
const FOLDER: &str = "served";

/// The start of the name of a file that is not complete.
const UNFINISHED: &str = ".";

/// The largest file that is read, in bytes: it has two paths.
const MAX_BYTES: u64 = 16_384;

/// A private cluster that a server runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServedCluster {
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Where its server reads the master key.
    pub(super) master_key_file: PathBuf,
}

/// The file of a cluster that this program serves. It is locked as long as the program runs, however that ends, and removed
/// at its end.
#[derive(Debug)]
pub(super) struct Announcement {
    path: PathBuf,
    _locked: File,
}

impl ServedCluster {
    /// Lets commands find the cluster.
    pub(super) fn announce(&self) -> io::Result<Announcement> {
        let folder = data_folder().ok_or_else(|| io::Error::other("this user has no home folder"))?.join(FOLDER);
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        remove_stale(&folder);
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let name = format!("{}-{time}", std::process::id());
        let (unfinished, path) = (folder.join(format!("{UNFINISHED}{name}")), folder.join(name));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.try_lock()?;
        let paths = [std::path::absolute(&self.folder)?, std::path::absolute(&self.master_key_file)?];
        write!(file, "{}\n{}\n", paths[0].display(), paths[1].display())?;
        // It appears locked and complete.
        fs::rename(&unfinished, &path)?;
        Ok(Announcement { path, _locked: file })
    }

    /// Those that run now, in the order of their folders.
    pub(super) fn all() -> Vec<Self> {
        let Some(folder) = data_folder() else { return Vec::new() };
        let mut all: Vec<Self> = files(&folder.join(FOLDER)).filter_map(|path| read_locked(&path)).collect();
        all.sort_by(|one, other| one.folder.cmp(&other.folder));
        all
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // Left where it cannot be removed: it is not locked any more, and the next server removes it.
        let _ = fs::remove_file(&self.path);
    }
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with(UNFINISHED)).map(|entry| entry.path())
}

/// `None` where no program holds the lock.
fn read_locked(path: &Path) -> Option<ServedCluster> {
    let file = File::open(path).ok()?;
    let Err(TryLockError::WouldBlock) = file.try_lock_shared() else { return None };
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    let mut paths = text.lines().map(PathBuf::from);
    Some(ServedCluster { folder: paths.next()?, master_key_file: paths.next()? })
}

/// Removes the files of programs that were killed.
fn remove_stale(folder: &Path) {
    for path in files(folder) {
        if File::open(&path).is_ok_and(|file| file.try_lock_shared().is_ok()) {
            let _ = fs::remove_file(&path);
        }
    }
}
