//! A server that follows the one which the tests share, and can be made to fall behind.

use super::binaries::binaries;
use super::database::TestDatabase;
use super::server::{PostgresServer, copying, settings};
use super::session::SqlSession;
use crate::wait_until;
use embedded_postgres::{Cluster, ClusterOptions, Lifetime};
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// The folder of the data in that of a cluster.
const DATA: &str = "cluster";

/// A streaming replica of all databases; stopped and removed with this value.
pub struct Replica {
    /// Before the slot, which it uses as long as it runs.
    cluster: Cluster,
    _slot: Slot,
}

/// Keeps what the replica has still to read: each database that other tests drop makes a checkpoint, which would remove it.
struct Slot(String);

impl Replica {
    /// One of its own, with all that there is.
    #[expect(clippy::new_without_default, reason = "a server is no default of anything")]
    pub fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let (process, number) = (std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let name = format!("annotation-statistics-tests-{process}-replica-{number}");
        let server = PostgresServer::shared();
        let slot = Slot::new(format!("replica_{number}"));
        let copying = copying();
        let folder = copy(server.cluster(), std::env::temp_dir().join(name), Some(&slot.0));
        drop(copying);
        let options = ClusterOptions {
            durable: false,
            lifetime: Lifetime::WithThisProcess,
            settings: settings(),
            ..ClusterOptions::new(folder, binaries())
        };
        let cluster = Cluster::start(options).unwrap_or_else(|error| panic!("{error}"));
        let replica = Self { cluster, _slot: slot };
        replica.catch_up();
        replica
    }

    /// The URL of what it has of a database.
    pub fn url(&self, database: &TestDatabase) -> String {
        self.cluster.url(database.name())
    }

    /// Lets it fall behind: whatever comes from now on is not there to be read.
    pub fn pause(&self) {
        self.session().execute("SELECT pg_wal_replay_pause()");
        wait_until("the replica is paused", || {
            self.session().query("SELECT pg_get_wal_replay_pause_state()") == ["paused"]
        });
    }

    /// Lets it go on, and waits until it has all.
    pub fn catch_up(&self) {
        let written =
            SqlSession::open(&PostgresServer::shared().url("postgres")).query("SELECT pg_current_wal_insert_lsn()");
        let mut session = self.session();
        session.execute("SELECT pg_wal_replay_resume()");
        let reached = format!("SELECT pg_last_wal_replay_lsn() >= '{}'::pg_lsn", written.concat());
        wait_until("the replica has all", || session.query(&reached) == ["true"]);
    }

    fn session(&self) -> SqlSession {
        SqlSession::open(&self.cluster.url("postgres"))
    }
}

impl Slot {
    fn new(name: String) -> Self {
        PostgresServer::shared().administrate(&format!("SELECT pg_create_physical_replication_slot('{name}', true)"));
        Self(name)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut session = SqlSession::open(&PostgresServer::shared().url("postgres"));
        let free = format!("SELECT 1 FROM pg_replication_slots WHERE slot_name = '{}' AND NOT active", self.0);
        if !thread::panicking() {
            wait_until("the slot is free", || session.query(&free).len() == 1);
            session.execute(&format!("SELECT pg_drop_replication_slot('{}')", self.0));
        }
    }
}

/// Copies the data of a server that runs, for one that follows it by this slot; returns the folder, which may be that of a
/// cluster.
pub fn copy(primary: &Cluster, folder: PathBuf, slot: Option<&str>) -> PathBuf {
    DirBuilder::new().mode(0o755).create(&folder).unwrap();
    let data = folder.join(DATA);
    DirBuilder::new().mode(0o700).create(&data).unwrap();
    let owner = fs::metadata(primary.folder().join(DATA)).unwrap();
    chown(&data, Some(owner.uid()), Some(owner.gid())).unwrap();
    let mut copy = postgres_program(primary, "pg_basebackup");
    copy.args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--pgdata"]).arg(&data);
    copy.args(slot.map(|name| format!("--slot={name}")));
    let done = copy.arg("--dbname").arg(primary.url("postgres")).output().unwrap();
    assert!(done.status.success(), "{copy:?}: {}", String::from_utf8_lossy(&done.stderr));
    folder
}

/// One of Postgres' programs, as the user that it accepts.
pub fn postgres_program(cluster: &Cluster, program: &str) -> Command {
    let owner = fs::metadata(cluster.folder().join(DATA)).unwrap();
    let mut command = Command::new(cluster.binaries().path(program));
    command.current_dir(Path::new("/"));
    if rustix::process::geteuid().is_root() {
        command.uid(owner.uid()).gid(owner.gid());
    }
    command
}
