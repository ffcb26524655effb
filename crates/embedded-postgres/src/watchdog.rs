//! Ends a cluster with its owner's process, however that ends.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::owner_lock::OwnerLock;
use crate::place::Place;
use crate::{Error, program};

/// What it does, in the one language that is on every machine.
const SCRIPT: &str = include_str!("watchdog.sh");

/// A shell process that waits for the end of a pipe whose only other end is in this process.
#[derive(Debug)]
pub(crate) struct Watchdog {
    child: Child,
    place: Place,
    sockets: PathBuf,
}

impl Watchdog {
    /// Starts it, in a process group of its own so that a Ctrl-C which ends us does not end it first. The pipe is closed
    /// on `exec`, so no other child of this process keeps it open.
    pub(crate) fn start(place: &Place, sockets: &Path, lock: &OwnerLock) -> Result<Self, Error> {
        let lock = lock.share().map_err(Error::file("share", &place.lock_file()))?;
        let child = command(place, sockets).stdin(Stdio::piped()).stdout(lock).process_group(0).spawn();
        let child = child.map_err(|source| Error::Run { program: "sh".to_owned(), source })?;
        Ok(Self { child, place: place.clone(), sockets: sockets.to_path_buf() })
    }

    /// Lets it do its work now, and waits for it.
    pub(crate) fn release(&mut self) -> Result<(), Error> {
        drop(self.child.stdin.take());
        if self.child.wait().is_ok_and(|status| status.success()) {
            return Ok(());
        }
        // Somebody killed it: the work remains to be done.
        let output = program::output(&mut command(&self.place, &self.sockets))?;
        if output.status.success() {
            return Ok(());
        }
        let (folder, log_file) = (self.place.asked().to_path_buf(), self.place.log_file());
        Err(Error::Stop { folder, output: program::said(&output), log_file, log_tail: String::new() })
    }
}

fn command(place: &Place, sockets: &Path) -> Command {
    let mut command = program::command(Path::new("/bin/sh"));
    command.args(["-c", SCRIPT, "embedded-postgres-watchdog"]).arg(place.folder()).arg(place.asked()).arg(sockets);
    command.stderr(Stdio::null());
    command
}
