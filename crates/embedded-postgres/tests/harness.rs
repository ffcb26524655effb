//! Folders, queries and processes for the tests.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use embedded_postgres::{Binaries, Cluster, ClusterOptions};
use tempfile::TempDir;

/// What is in the environment of another process that owns a cluster.
pub(crate) const SECRET: &str = "a secret of the owner";

/// A temp folder that the unprivileged user can pass through when the tests run as root.
pub(crate) fn temp_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// Those in the folder that `POSTGRES_BIN` names, else those that are found on this machine.
#[expect(clippy::disallowed_methods, reason = "tests have no settings")]
fn binaries() -> Binaries {
    let named = std::env::var_os("POSTGRES_BIN").map(PathBuf::from);
    named.map_or_else(|| Binaries::find(None), Binaries::find_in).unwrap()
}

pub(crate) fn options(folder: impl Into<PathBuf>) -> ClusterOptions {
    ClusterOptions { durable: false, ..ClusterOptions::new(folder, binaries()) }
}

pub(crate) fn is_root() -> bool {
    fs::metadata(temp_folder().path()).unwrap().uid() == 0
}

/// The one value that a query returns, run through `psql`.
pub(crate) fn query(cluster: &Cluster, sql: &str) -> String {
    let mut psql = Command::new(cluster.binaries().path("psql"));
    let output = psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql]).arg(cluster.url("postgres"));
    let output = output.output().unwrap();
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Polls, since other processes do not report when they are done.
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition() {
        assert!(Instant::now() < deadline, "not within 30 s: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Another process that owns a cluster; killed the hard way at the latest when the test ends.
pub(crate) struct Owner {
    pub(crate) process: Child,
    output: BufReader<ChildStdout>,
}

impl Owner {
    /// One whose cluster runs.
    pub(crate) fn of(folder: &Path, mode: &str) -> Self {
        let mut owner = Self::starting(folder, mode);
        let mut line = String::new();
        owner.output.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        owner
    }

    /// One whose cluster does not run yet.
    pub(crate) fn starting(folder: &Path, mode: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_embedded-postgres-owner"));
        command.arg(binaries().folder()).arg(folder).arg(mode);
        command.env("ANNOTATION_STATISTICS__AUTH__MASTER_KEY", SECRET);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, output }
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        // Comes to an end only when no server and no watchdog holds the output open.
        self.output.read_to_string(&mut String::new()).unwrap();
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The names in a folder; none if it is not there.
pub(crate) fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// The first line of `postmaster.pid`.
pub(crate) fn server_pid(folder: &Path) -> String {
    let text = fs::read_to_string(folder.join("cluster/postmaster.pid")).unwrap();
    text.lines().next().unwrap().to_owned()
}

pub(crate) fn is_alive(pid: &str) -> bool {
    if !Path::new("/proc/self/cmdline").exists() {
        return Command::new("kill").args(["-0", pid]).stderr(Stdio::null()).status().unwrap().success();
    }
    // A zombie has no command line.
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}
