//! The program that is measured.

use annotation_statistics_tests::KeyDatabase;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What a service with keys has besides.
const KEYS: [(&str, &str); 4] = [
    ("ANNOTATION_STATISTICS__AUTH__ENABLED", "true"),
    ("ANNOTATION_STATISTICS__AUTH__MASTER_KEY", KeyDatabase::MASTER_KEY),
    ("ANNOTATION_STATISTICS__AUTH__REQUESTS_PER_KEY", "0"),
    ("ANNOTATION_STATISTICS__AUTH__REQUESTS_PER_ADDRESS", "0"),
];

/// The program and its database.
pub(crate) struct Program {
    path: PathBuf,
    database_url: String,
}

impl Program {
    pub(crate) fn new(path: &Path, database_url: String) -> Self {
        Self { path: path.to_owned(), database_url }
    }

    /// The program, without arguments.
    pub(crate) fn command(&self) -> Command {
        self.with_settings(Command::new(&self.path))
    }

    /// The program under callgrind, which counts its instructions; they are in this log when it has ended.
    pub(crate) fn counted(&self, log: &Path) -> Command {
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
        command.arg(format!("--log-file={}", log.display())).arg(&self.path);
        let mut command = self.with_settings(command);
        // With the log line of each request, and without a wait at the end.
        command.env_remove("ANNOTATION_STATISTICS__LOG__FILTER").stderr(Stdio::null());
        command.env("ANNOTATION_STATISTICS__SERVER__DRAIN_TIME", "1ms");
        // It is many times slower, also than its own limits of time.
        for wait in
            ["QUEUE_WAIT", "DEADLINE", "STATEMENT_TIMEOUT", "OVERDUE_AFTER", "CONNECT_TIMEOUT", "TCP_USER_TIMEOUT"]
        {
            command.env(format!("ANNOTATION_STATISTICS__DATABASE__{wait}"), "60s");
        }
        command
    }

    fn with_settings(&self, mut command: Command) -> Command {
        command
            .env("ANNOTATION_STATISTICS__DATABASE__URL", &self.database_url)
            .env("ANNOTATION_STATISTICS__SERVER__BIND", "127.0.0.1:0")
            .env("ANNOTATION_STATISTICS__ADMIN__BIND", "127.0.0.1:0")
            .env("ANNOTATION_STATISTICS__AUTH__ENABLED", "false")
            // Reads are measured, not what is sent again.
            .env("ANNOTATION_STATISTICS__CACHE__MAX_BYTES", "0")
            // As in production: with a line for each request.
            .stderr(Stdio::null());
        command
    }

    /// Migrates a database of a cluster, and distributes its tables.
    pub(crate) fn distribute(&self) {
        let status = self.command().args(["migrate", "--distribute"]).status().unwrap();
        assert!(status.success(), "the tables were not distributed");
    }

    /// Imports a file; returns the seconds it took.
    pub(crate) fn import(&self, file: &Path) -> f64 {
        let mut command = self.command();
        command.env("ANNOTATION_STATISTICS__LOG__FILTER", "warn").stderr(Stdio::inherit());
        let done = command.args(["import", "--json"]).arg(file).output().unwrap();
        assert!(done.status.success(), "the import failed");
        let outcome: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        outcome["seconds"].as_f64().unwrap()
    }

    /// Adds a key for reads by both schemes.
    pub(crate) fn add_key(&self, key: &str, secret: &str) {
        let mut command = self.command();
        command.args(["keys", "add", "--v1", "--secret-stdin", "--id", key]).envs(KEYS).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "no key");
    }

    /// Starts the service without a cache of pages, and waits until it has printed its address.
    pub(crate) fn serve(&self) -> Service {
        Self::served_by(&mut self.command())
    }

    /// The same with a cache of pages, as it is by default.
    pub(crate) fn serve_with_cache(&self) -> Service {
        Self::served_by(self.command().env_remove("ANNOTATION_STATISTICS__CACHE__MAX_BYTES"))
    }

    /// The same, where clients need a key, without a rate limit.
    pub(crate) fn serve_with_keys(&self) -> Service {
        Self::served_by(self.command().envs(KEYS))
    }

    pub(crate) fn served_by(command: &mut Command) -> Service {
        let mut child = command.arg("serve").stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let greeting = output.next().unwrap().unwrap();
        let address = greeting.split_whitespace().find_map(|word| word.strip_prefix("http://")).unwrap().to_owned();
        Service { child, address }
    }
}

/// The running service.
pub(crate) struct Service {
    child: Child,
    pub(crate) address: String,
}

impl Service {
    /// Its process id.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Stops it as an operator does, and waits until it has ended.
    pub(crate) fn stop(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success(), "the service did not stop in order");
    }

    /// The most memory it has had, in megabytes resident.
    pub(crate) fn peak_megabytes(&self) -> f64 {
        self.megabytes("VmHWM:")
    }

    /// The memory that it has now, in megabytes resident.
    pub(crate) fn resident_megabytes(&self) -> f64 {
        self.megabytes("VmRSS:")
    }

    fn megabytes(&self, label: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let value = status.lines().find_map(|line| line.strip_prefix(label)).unwrap();
        value.trim().trim_end_matches(" kB").trim().parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
