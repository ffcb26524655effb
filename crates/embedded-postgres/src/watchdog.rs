//! Stops and removes a cluster when its owner's process ends, however it ends.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::cluster::folder::ClusterFolder;
use crate::owner_lock::OwnerLock;
use crate::{Error, program};

/// The watchdog, in the one language that is on every machine.
const SCRIPT: &str = include_str!("watchdog.sh");

/// A shell process that waits for the end of a pipe whose only other end is in this process.
#[derive(Debug)]
pub(crate) struct Watchdog {
    child: Child,
    cluster_folder: ClusterFolder,
    sockets: PathBuf,
}

impl Watchdog {
    /// Starts it, in a process group of its own so that a Ctrl-C does not end it first. The pipe is closed
    /// on `exec`, so no other child of this process keeps it open.
    pub(crate) fn start(cluster_folder: &ClusterFolder, sockets: &Path, lock: &OwnerLock) -> Result<Self, Error> {
        let lock = lock.share().map_err(Error::file("share", &cluster_folder.lock_file()))?;
        let child = command(cluster_folder, sockets).stdin(Stdio::piped()).stdout(lock).process_group(0).spawn();
        let child = child.map_err(|source| Error::Run { program: "sh".to_owned(), source })?;
        Ok(Self { child, cluster_folder: cluster_folder.clone(), sockets: sockets.to_path_buf() })
    }

    /// Runs it now, and waits for it.
    pub(crate) fn release(&mut self) -> Result<(), Error> {
        drop(self.child.stdin.take());
        if self.child.wait().is_ok_and(|status| status.success()) {
            return Ok(());
        }
        // It was killed: run it again.
        let output = program::output(&mut command(&self.cluster_folder, &self.sockets))?;
        if output.status.success() {
            return Ok(());
        }
        let (folder, log_file) = (self.cluster_folder.requested().to_path_buf(), self.cluster_folder.log_file());
        Err(Error::Stop { folder, output: program::text(&output), log_file, log_tail: String::new() })
    }
}

fn command(cluster_folder: &ClusterFolder, sockets: &Path) -> Command {
    let mut command = program::command(Path::new("/bin/sh"));
    command
        .args(["-c", SCRIPT, "embedded-postgres-watchdog"])
        .arg(cluster_folder.folder())
        .arg(cluster_folder.requested())
        .arg(sockets);
    command.stderr(Stdio::null());
    command
}
