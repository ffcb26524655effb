//! One owner per folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Stdio;

use crate::cluster::folder::ClusterFolder;
use crate::{Error, files};

/// Held while a cluster is owned. The kernel releases it when the last handle is closed, however the process ends.
#[derive(Debug)]
pub(crate) struct OwnerLock {
    file: File,
}

impl OwnerLock {
    /// Takes the lock and writes this process's id to it, for the error of other processes.
    pub(crate) fn take(cluster_folder: &ClusterFolder) -> Result<Self, Error> {
        let path = cluster_folder.lock_file();
        loop {
            let mut options = OpenOptions::new();
            let mut file = files::open(&path, options.read(true).write(true).truncate(false))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::InUse {
                        folder: cluster_folder.requested().to_path_buf(),
                        owner: owner(&mut file),
                    });
                }
                Err(TryLockError::Error(source)) => return Err(Error::file("lock", &path)(source)),
            }
            // The last owner may have removed the file between the open and the lock: then this lock is of no file.
            if is_at(&file, &path) {
                let written = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
                return written.map(|()| Self { file }).map_err(Error::file("write", &path));
            }
        }
    }

    /// A second handle, with which a child process keeps the lock when this one is gone.
    pub(crate) fn share(&self) -> std::io::Result<Stdio> {
        self.file.try_clone().map(Stdio::from)
    }
}

fn owner(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn is_at(file: &File, path: &Path) -> bool {
    let identity = |found: std::fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(held), Ok(there)) => identity(held) == identity(there),
        (Err(_), _) | (_, Err(_)) => false,
    }
}
