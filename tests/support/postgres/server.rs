//! The cluster that the tests of a program share.

use super::binaries::binaries;
use super::session::SqlSession;
use super::settings::{migrated, roomy_settings};
use embedded_postgres::{Cluster, ClusterOptions, Lifetime};
use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The database that has the schema and no rows; every test database is a copy of it.
const TEMPLATE: &str = "migrated";

/// A private cluster, stopped and removed with this process.
pub struct PostgresServer {
    cluster: Cluster,
    databases: AtomicU64,
}

impl PostgresServer {
    /// The one of this process; started by its first user.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<PostgresServer> = OnceLock::new();
        SERVER.get_or_init(|| Self::start(&format!("annotation-statistics-tests-{}", std::process::id())))
    }

    /// One that no other test uses, for what is counted of the whole server; stopped and removed with this process, too.
    pub(crate) fn alone() -> &'static Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let (process, number) = (std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        Box::leak(Box::new(Self::start(&format!("annotation-statistics-tests-{process}-alone-{number}"))))
    }

    fn start(name: &str) -> Self {
        let options = ClusterOptions {
            durable: false,
            lifetime: Lifetime::WithThisProcess,
            settings: settings(),
            ..ClusterOptions::new(env::temp_dir().join(name), binaries())
        };
        let cluster = Cluster::start(options).unwrap_or_else(|error| panic!("{error}"));
        let server = Self { cluster, databases: AtomicU64::new(0) };
        server.administrate(&format!("CREATE DATABASE {TEMPLATE}"));
        migrated(&roomy_settings(server.url(TEMPLATE))).unwrap();
        server
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.cluster.log_file()).unwrap()
    }

    /// The cluster itself.
    pub(crate) fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Its Unix socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.cluster.socket_folder().join(format!(".s.PGSQL.{}", self.cluster.port()))
    }

    /// Runs SQL that is about databases rather than in one.
    pub fn administrate(&self, sql: &str) {
        SqlSession::open(&self.url("postgres")).execute(sql);
    }

    /// Creates a database with a name of its own: migrated, or with nothing in it. Returns the name.
    pub(crate) fn create_database(&self, is_migrated: bool) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let template = if is_migrated { TEMPLATE } else { "template0" };
        self.administrate(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        name
    }
}

/// Held by who copies the data of the server, and shared by who ends sessions: a copy is made by sessions, too.
static COPYING: RwLock<()> = RwLock::new(());

/// While this is held, no session is ended.
pub(crate) fn copying() -> RwLockWriteGuard<'static, ()> {
    COPYING.write().unwrap_or_else(PoisonError::into_inner)
}

/// While this is held, the data is not copied.
pub(crate) fn ending_sessions() -> RwLockReadGuard<'static, ()> {
    COPYING.read().unwrap_or_else(PoisonError::into_inner)
}

/// What it is set to, and so are those that follow it.
pub(crate) fn settings() -> Vec<(String, String)> {
    vec![
        // As many as a machine with many cores needs when it runs all tests of a program at once.
        ("max_connections".into(), "1000".into()),
        // Statistics are gathered when a test says so, and not when the server finds the time.
        ("autovacuum".into(), "off".into()),
    ]
}
