//! The options of a cluster.

use std::path::PathBuf;
use std::time::Duration;

use crate::Binaries;

/// The options of [`Cluster::start`](crate::Cluster::start).
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// The cluster's folder; made on first use.
    pub folder: PathBuf,
    /// PostgreSQL's programs. When the data is of another major version, an installed one which fits is preferred.
    pub binaries: Binaries,
    /// `true`: committed data survives a power cut. `false`: as fast as possible, for tests.
    pub durable: bool,
    /// How long the server may take to accept connections, recovery included. Counted in whole seconds, at least one.
    pub start_timeout: Duration,
    /// How long the shutdown may take: clean at first, and immediate in the last third, of ten seconds at most. In whole
    /// seconds, two at least.
    pub stop_timeout: Duration,
    /// Further server settings, name and value. They override those of this crate, except for the path of the socket,
    /// the port and `listen_addresses`.
    pub settings: Vec<(String, String)>,
    /// The lifetime of the cluster.
    pub lifetime: Lifetime,
    /// As root, the data of a folder which the unprivileged user cannot reach (a checkout in `/root`) is stored in this base
    /// folder instead (such as `/var/lib/NAME`), and `folder` becomes a symbolic link to it. Not used by other users.
    pub root_fallback: Option<PathBuf>,
}

/// The lifetime of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lifetime {
    /// The data is kept. Stopped by [`Cluster::stop`](crate::Cluster::stop) or on drop; should the process be killed, the
    /// server runs on and the next start takes it over.
    #[default]
    UntilStopped,
    /// Stopped **and removed** with this process, however it ends: on drop, at exit without drop (statics), on Ctrl-C and
    /// by `kill -9`. A small shell process waits for the end. Give it a folder
    /// of its own: a cluster that was kept there before goes too.
    WithThisProcess,
}

impl ClusterOptions {
    /// A durable cluster in `folder`, kept until stopped, with a minute to start and half a minute to stop.
    pub fn new(folder: impl Into<PathBuf>, binaries: Binaries) -> Self {
        Self {
            folder: folder.into(),
            binaries,
            durable: true,
            start_timeout: Duration::from_secs(60),
            stop_timeout: Duration::from_secs(30),
            settings: Vec::new(),
            lifetime: Lifetime::UntilStopped,
            root_fallback: None,
        }
    }
}
