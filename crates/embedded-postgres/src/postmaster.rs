//! The server process: started and stopped through `pg_ctl`.

use std::fs::OpenOptions;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::cluster::folder::ClusterFolder;
use crate::{Binaries, Error, files, log_tail, postmaster_pid, program};

/// How long an immediate shutdown may take at most; it writes nothing, so this is generous.
const IMMEDIATE_TIMEOUT: Duration = Duration::from_secs(10);

/// The part of the time to stop that is kept for it.
const IMMEDIATE_PART: u32 = 3;

/// Between two attempts to start.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// The server of one cluster, running or not.
#[derive(Debug, Clone)]
pub(crate) struct Postmaster {
    cluster_folder: ClusterFolder,
    binaries: Binaries,
    account: Account,
}

impl Postmaster {
    pub(crate) fn new(cluster_folder: ClusterFolder, binaries: Binaries, account: Account) -> Self {
        Self { cluster_folder, binaries, account }
    }

    pub(crate) fn is_running(&self) -> bool {
        postmaster_pid::running(&self.cluster_folder.data()).is_some()
    }

    /// Starts it and waits until it accepts connections. It gets a process session of its own, so no Ctrl-C, and inherits no
    /// files.
    pub(crate) fn start(&self, timeout: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + timeout;
        loop {
            match self.try_start(timeout) {
                Err(Error::Start { log_tail, .. }) if is_transient(&log_tail) && Instant::now() < deadline => {
                    std::thread::sleep(RETRY_PAUSE);
                }
                result => return result,
            }
        }
    }

    fn try_start(&self, timeout: Duration) -> Result<(), Error> {
        postmaster_pid::sweep(&self.cluster_folder.data())?;
        let log_file = self.log_file()?;
        let before = log_tail::length(&log_file);
        let mut pg_ctl = self.pg_ctl("start", timeout);
        let output = program::output(pg_ctl.arg("-l").arg(&log_file))?;
        if output.status.success() {
            return Ok(());
        }
        let log_tail = log_tail::since(&log_file, before);
        // It may still be recovering, and would run on without an owner.
        let _ = self.stop_within(Duration::from_secs(1), IMMEDIATE_TIMEOUT);
        Err(Error::Start { folder: self.requested(), output: program::text(&output), log_file, log_tail })
    }

    /// Stops it cleanly, and immediately when most of the time is over. One that is not running is fine.
    pub(crate) fn stop(&self, timeout: Duration) -> Result<(), Error> {
        let immediate = IMMEDIATE_TIMEOUT.min(timeout / IMMEDIATE_PART);
        self.stop_within(timeout.saturating_sub(immediate), immediate)
    }

    fn stop_within(&self, clean: Duration, immediate: Duration) -> Result<(), Error> {
        if !self.is_running() || self.shut_down("fast", clean)?.status.success() {
            return Ok(());
        }
        let output = self.shut_down("immediate", immediate)?;
        if output.status.success() || !self.is_running() {
            return Ok(());
        }
        let log_file = self.cluster_folder.log_file();
        let log_tail = log_tail::since(&log_file, 0);
        Err(Error::Stop { folder: self.requested(), output: program::text(&output), log_file, log_tail })
    }

    /// Signals it to stop cleanly, and does not wait. One that is not running is fine.
    pub(crate) fn signal_stop(&self) -> Result<(), Error> {
        let mut pg_ctl = self.account.command(&self.binaries.path("pg_ctl"));
        pg_ctl.args(["stop", "-s", "-W", "-m", "fast", "-D"]).arg(self.cluster_folder.data()).process_group(0);
        let output = program::output(&mut pg_ctl)?;
        if output.status.success() || !self.is_running() {
            return Ok(());
        }
        let log_file = self.cluster_folder.log_file();
        Err(Error::Stop { folder: self.requested(), output: program::text(&output), log_file, log_tail: String::new() })
    }

    fn shut_down(&self, mode: &str, timeout: Duration) -> Result<Output, Error> {
        // An impatient second Ctrl-C must not hit the program that is stopping the server.
        program::output(self.pg_ctl("stop", timeout).args(["-m", mode]).process_group(0))
    }

    fn pg_ctl(&self, action: &str, timeout: Duration) -> Command {
        let mut command = self.account.command(&self.binaries.path("pg_ctl"));
        command
            .args([action, "-s", "-w", "-t", &timeout.as_secs().max(1).to_string(), "-D"])
            .arg(self.cluster_folder.data());
        command
    }

    /// The log, made ready to be written by the server's user.
    fn log_file(&self) -> Result<PathBuf, Error> {
        let path = self.cluster_folder.log_file();
        let file = files::open(&path, OpenOptions::new().append(true))?;
        self.account.give_open(&file, &path)?;
        Ok(path)
    }

    fn requested(&self) -> PathBuf {
        self.cluster_folder.requested().to_path_buf()
    }
}

/// Whether the reason for not starting is transient: the last processes of a killed server end shortly after it,
/// and a server which was only starting when its owner was killed shows up late (the failed attempt has then stopped it).
fn is_transient(log_tail: &str) -> bool {
    log_tail.contains("pre-existing shared memory block")
        || (log_tail.contains("lock file \"") && log_tail.contains("\" already exists"))
}

#[cfg(test)]
mod tests {
    use super::is_transient;

    #[test]
    fn only_what_is_left_of_another_server_passes_by_itself() {
        for (log, passing) in [
            ("FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", true),
            ("FATAL:  lock file \"postmaster.pid\" already exists", true),
            ("FATAL:  could not create lock file \"postmaster.pid\": Permission denied", false),
            ("", false),
        ] {
            assert_eq!(is_transient(log), passing, "{log}");
        }
    }
}
