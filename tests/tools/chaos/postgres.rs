//! A private Postgres that can be killed, paused and started again.

use annotation_statistics_tests::{SqlSession, binaries, copy, postgres_program};
use diesel::Connection;
use diesel::pg::PgConnection;
use embedded_postgres::{Cluster, ClusterOptions, Lifetime};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(2);

/// A server that does not start within this does not start.
const START: Duration = Duration::from_secs(30);

/// The folder of the data in that of a cluster.
const DATA: &str = "cluster";

/// A cluster of this process; removed with it.
pub(crate) struct Postgres {
    cluster: Cluster,
}

/// A server whose processes all stand still; they go on when it is dropped.
pub(crate) struct Paused(Vec<Pid>);

impl Postgres {
    /// Starts one.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts one with server settings.
    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        Self::in_folder(folder("primary"), settings)
    }

    /// Starts one that follows `primary`, and responses reads meanwhile.
    pub(crate) fn replica_of(primary: &Self) -> Self {
        let folder = copy(&primary.cluster, folder("replica"), None);
        Self::in_folder(folder, &[])
    }

    fn in_folder(folder: PathBuf, settings: &[(&str, &str)]) -> Self {
        let options = ClusterOptions {
            durable: false,
            lifetime: Lifetime::WithThisProcess,
            settings: settings.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            ..ClusterOptions::new(folder, binaries())
        };
        Self { cluster: Cluster::start(options).unwrap_or_else(|error| panic!("{error}")) }
    }

    /// The URL of its first database.
    pub(crate) fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The URL of one of its databases.
    pub(crate) fn url_of(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// Host and port, as a URL has them.
    pub(crate) fn host(&self) -> String {
        let url = self.url();
        url.split(['@', '/']).nth(3).unwrap().to_owned()
    }

    /// Its Unix socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.cluster.socket_folder().join(format!(".s.PGSQL.{}", self.cluster.port()))
    }

    /// A session for raw SQL.
    pub(crate) fn session(&self) -> SqlSession {
        SqlSession::open(&self.url())
    }

    /// Kills all of its processes: no connection is closed in order.
    pub(crate) fn kill(&self) {
        send(&self.processes(), Signal::KILL);
    }

    /// Stops all of its processes where they are.
    pub(crate) fn pause(&self) -> Paused {
        let processes = self.processes();
        send(&processes, Signal::STOP);
        Paused(processes)
    }

    /// Starts it again after it was killed or stopped; returns the time at which it accepted a connection.
    pub(crate) fn start_again(&self) -> Instant {
        // Where the killed one was not waited for, its number is still that of a process.
        for file in [self.data().join("postmaster.pid"), self.socket().with_extension("5432.lock")] {
            let _ = fs::remove_file(file);
        }
        self.pg_ctl(&["-W", "start"]);
        self.wait_until_it_accepts()
    }

    /// Restarts it as an administrator does, who does not wait for clients; returns the time at which it accepted a
    /// connection.
    pub(crate) fn restart(&self) -> Instant {
        self.pg_ctl(&["-W", "-m", "fast", "restart"]);
        self.wait_until_it_accepts()
    }

    fn wait_until_it_accepts(&self) -> Instant {
        let started = Instant::now();
        while PgConnection::establish(&self.url()).is_err() {
            let log = || fs::read_to_string(self.cluster.log_file()).unwrap_or_default();
            assert!(started.elapsed() < START, "Postgres does not start: {}", log());
            thread::sleep(PAUSE);
        }
        Instant::now()
    }

    /// Makes a replica the primary; returns the time at which it was.
    pub(crate) fn promote(&self) -> Instant {
        assert_eq!(self.session().query("SELECT pg_promote(true, 30)"), ["true"]);
        Instant::now()
    }

    fn pg_ctl(&self, arguments: &[&str]) {
        let mut command = postgres_program(&self.cluster, "pg_ctl");
        run(command.args(arguments).arg("-s").arg("-D").arg(self.data()).arg("-l").arg(self.cluster.log_file()));
    }

    fn data(&self) -> PathBuf {
        self.cluster.folder().join(DATA)
    }

    /// Its processes: the postmaster first, then its children.
    fn processes(&self) -> Vec<Pid> {
        let file = fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let postmaster: i32 = file.lines().next().unwrap().trim().parse().unwrap();
        let numbers = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        let children = numbers.filter(|number| parent(*number) == Some(postmaster));
        std::iter::once(postmaster).chain(children).filter_map(Pid::from_raw).collect()
    }
}

impl Drop for Paused {
    fn drop(&mut self) {
        send(&self.0, Signal::CONT);
    }
}

/// A folder of this process.
fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("annotation-statistics-chaos-{}-{name}", std::process::id()))
}

fn run(command: &mut Command) {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Processes that have ended meanwhile need no signal.
fn send(processes: &[Pid], signal: Signal) {
    for process in processes {
        let _ = kill_process(*process, signal);
    }
}

fn parent(process: i32) -> Option<i32> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse().ok())
}
