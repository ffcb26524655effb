//! A cluster that runs.

pub(crate) mod folder;
pub(crate) mod options;
pub(crate) mod url;

use std::fs;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::cluster::folder::ClusterFolder;
use crate::cluster::url::cluster_url;
use crate::owner_lock::OwnerLock;
use crate::postmaster::Postmaster;
use crate::watchdog::Watchdog;
use crate::{Binaries, ClusterOptions, Error, Lifetime, configuration, initialisation, postmaster_pid, socket_folder};

/// A running PostgreSQL server and its folder. Dropping it stops the server.
#[derive(Debug)]
pub struct Cluster {
    folder: ClusterFolder,
    binaries: Binaries,
    sockets: PathBuf,
    log_file: PathBuf,
    postmaster: Postmaster,
    options: ClusterOptions,
    watchdog: Option<Watchdog>,
    stopped: bool,
    /// Held to the end, so it is the last field: fields are dropped in this order.
    _lock: OwnerLock,
}

impl Cluster {
    /// Starts the cluster in the folder, which it makes and initialises on first use, and waits until it accepts
    /// connections. A server that a killed owner left running there is stopped first, so the settings are always these.
    ///
    /// # Errors
    ///
    /// Each [`Error`] has what failed, in which folder, and the next step. After an error no server is left running.
    pub fn start(options: ClusterOptions) -> Result<Self, Error> {
        let account = Account::for_data(&ClusterFolder::data_in(&options.folder))?;
        let cluster_folder = ClusterFolder::prepare(&options.folder, options.root_fallback.as_deref(), &account)?;
        let lock = OwnerLock::take(&cluster_folder)?;
        initialisation::check(&cluster_folder)?;
        let binaries = options.binaries.fitting(&cluster_folder.data(), cluster_folder.requested())?;
        let sockets = socket_folder::prepare(&cluster_folder, &account)?;
        let watchdog = match options.lifetime {
            Lifetime::UntilStopped => None,
            Lifetime::WithThisProcess => Some(Watchdog::start(&cluster_folder, &sockets, &lock)?),
        };
        // From here on an early return drops it, and so stops and removes what there is.
        let cluster = Self {
            postmaster: Postmaster::new(cluster_folder.clone(), binaries.clone(), account.clone()),
            log_file: cluster_folder.log_file(),
            stopped: false,
            _lock: lock,
            folder: cluster_folder,
            binaries,
            sockets,
            watchdog,
            options,
        };
        cluster.launch(&account)?;
        Ok(cluster)
    }

    fn launch(&self, account: &Account) -> Result<(), Error> {
        let options = &self.options;
        initialisation::ensure(&self.folder, &self.binaries, options.durable, account)?;
        self.postmaster.stop(options.stop_timeout)?;
        socket_folder::sweep(&self.sockets)?;
        configuration::write(&self.folder.data(), options, &self.sockets, account)?;
        self.postmaster.start(options.start_timeout)
    }

    /// Whether there is a cluster in `folder`, or something that takes its place.
    pub fn is_in(folder: &Path) -> bool {
        let data = ClusterFolder::data_in(folder);
        data.is_symlink() || data.exists()
    }

    /// The libpq URI of a database in the cluster that another program runs in `folder`; `None` when none runs there.
    ///
    /// For a program that is refused with [`Error::InUse`] and only needs a connection.
    pub fn url_of_running(folder: &Path, database: &str) -> Option<String> {
        let sockets = postmaster_pid::socket_folder(&ClusterFolder::data_in(folder).canonicalize().ok()?)?;
        Some(cluster_url(&sockets, socket_folder::PORT, database))
    }

    /// The libpq URI of a database in this cluster, as the superuser `postgres`.
    pub fn url(&self, database: &str) -> String {
        cluster_url(&self.sockets, socket_folder::PORT, database)
    }

    /// The folder where the cluster really is: absolute, without symbolic links.
    pub fn folder(&self) -> &Path {
        self.folder.folder()
    }

    /// The programs it runs with: those of the options, or those of the version of its data.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// The server's log.
    pub fn log_file(&self) -> &Path {
        &self.log_file
    }

    /// The folder of its Unix socket.
    pub fn socket_folder(&self) -> &Path {
        &self.sockets
    }

    /// The port, which on a Unix socket is a part of its name only.
    pub fn port(&self) -> u16 {
        socket_folder::PORT
    }

    /// Whether the server process runs.
    pub fn is_running(&self) -> bool {
        self.postmaster.is_running()
    }

    /// Stops the server within the stop timeout: cleanly, or else immediately. With [`Lifetime::WithThisProcess`] it is
    /// immediate, and the folder is removed.
    ///
    /// # Errors
    ///
    /// [`Error::Stop`] when it still runs after that.
    pub fn stop(mut self) -> Result<(), Error> {
        self.end()
    }

    /// Signals the server to stop, and does not wait for it: one that hangs stops when it continues. With
    /// [`Lifetime::WithThisProcess`] it does the same as [`stop`](Self::stop).
    ///
    /// # Errors
    ///
    /// When it cannot be signalled.
    pub fn leave(mut self) -> Result<(), Error> {
        if self.watchdog.is_some() {
            return self.end();
        }
        self.stopped = true;
        self.postmaster.signal_stop()
    }

    fn end(&mut self) -> Result<(), Error> {
        if std::mem::replace(&mut self.stopped, true) {
            return Ok(());
        }
        if let Some(watchdog) = &mut self.watchdog {
            return watchdog.release();
        }
        self.postmaster.stop(self.options.stop_timeout)?;
        if !self.sockets.starts_with(self.folder.folder()) {
            // Best effort: it is empty, private and made again by the next start.
            let _ = fs::remove_dir(&self.sockets);
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // There is no caller to return it to; the next start takes over what still runs.
        let _ = self.end();
    }
}
