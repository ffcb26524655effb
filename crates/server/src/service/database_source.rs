//! The database: an external one, or a private cluster that this program runs.

use super::error::ApplicationError;
use super::new_cluster::{NewCluster, missing, several};
use super::served_cluster::{Announcement, ServedCluster};
use crate::settings::{DatabaseSettings, Settings, SettingsError};
use crate::terminal::remark;
use embedded_postgres::{Binaries, Cluster, ClusterOptions, Error as ClusterError};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The database of a private cluster.
const DATABASE: &str = "postgres";

/// The parent folder of clusters of root, where Postgres' user cannot enter the folder that was configured.
const ROOT_FALLBACK: &str = "/var/lib/annotation-statistics";

/// The database that the service uses, with its read replica.
#[derive(Debug)]
pub struct DatabaseSource {
    url: String,
    read_url: String,
    /// Removed before the cluster is stopped.
    announcement: Option<Announcement>,
    cluster: Option<Cluster>,
    master_key_file: PathBuf,
}

impl DatabaseSource {
    /// Takes the configured database, or starts the private cluster, which it makes where there is none.
    ///
    /// # Errors
    /// When a private cluster is not allowed, or it does not start; the message has the next step. It is in use where
    /// another program runs it.
    pub fn start(settings: &Settings) -> Result<Self, ApplicationError> {
        if let Some(configured) = Self::configured(settings)? {
            return Ok(configured);
        }
        let (folder, master_key_file) = (settings.database.cluster_folder()?, settings.auth.master_key_file()?);
        let mut started = Self::private(&settings.database, &folder, master_key_file.clone())?;
        match (ServedCluster { folder, master_key_file }).announce() {
            Ok(announcement) => started.announcement = Some(announcement),
            Err(error) => tracing::info!(%error, "commands in other folders do not find the private database"),
        }
        Ok(started)
    }

    /// The database of a command: the configured one, or a private cluster, which another program may run.
    ///
    /// # Errors
    /// When a private cluster is not allowed, there is none and the command makes none, or it neither runs nor starts.
    pub(crate) fn share(settings: &Settings, new_cluster: NewCluster) -> Result<Self, ApplicationError> {
        if let Some(configured) = Self::configured(settings)? {
            return Ok(configured);
        }
        let database = &settings.database;
        let (folder, served) = (database.cluster_folder()?, ServedCluster::all());
        match served.as_slice() {
            [one] if database.has_default_folder() && one.folder != folder => {
                remark(format_args!("the database is {}, which a running server uses", one.folder.display()));
                return Self::running_or_started(database, &one.folder, one.master_key_file.clone());
            }
            [_, _, ..] if database.has_default_folder() && served.iter().all(|served| served.folder != folder) => {
                return Err(several(&served).into());
            }
            _ if new_cluster != NewCluster::Made && !Cluster::is_in(&folder) => {
                return Err(missing(&folder, &served, new_cluster).into());
            }
            _ => {}
        }
        Self::running_or_started(database, &folder, settings.auth.master_key_file()?)
    }

    fn running_or_started(
        settings: &DatabaseSettings,
        folder: &Path,
        master_key_file: PathBuf,
    ) -> Result<Self, ApplicationError> {
        Self::private(settings, folder, master_key_file.clone()).or_else(|error| {
            match (&error, Cluster::url_of_running(folder, DATABASE)) {
                (ClusterError::InUse { .. }, Some(url)) => {
                    Ok(Self { read_url: url.clone(), url, announcement: None, cluster: None, master_key_file })
                }
                _ => Err(error.into()),
            }
        })
    }

    /// The configured database; `None` where it is a private cluster.
    fn configured(settings: &Settings) -> Result<Option<Self>, SettingsError> {
        let database = &settings.database;
        let Some(url) = database.url.reveal() else {
            return if database.embedded { Ok(None) } else { Err(unconfigured()) };
        };
        Ok(Some(Self {
            url: url.to_owned(),
            read_url: database.read_url.reveal().unwrap_or(url).to_owned(),
            announcement: None,
            cluster: None,
            // Commands that need it report where it has no place.
            master_key_file: settings.auth.master_key_file().unwrap_or_default(),
        }))
    }

    fn private(settings: &DatabaseSettings, folder: &Path, master_key_file: PathBuf) -> Result<Self, ClusterError> {
        let mut options = ClusterOptions::new(folder, Binaries::find(search_path().as_deref())?);
        options.start_timeout = settings.embedded_start_timeout.get();
        options.stop_timeout = settings.embedded_stop_timeout.get();
        options.root_fallback = Some(PathBuf::from(ROOT_FALLBACK));
        tracing::info!(folder = %folder.display(), "starting the private database");
        let cluster = Cluster::start(options)?;
        let url = cluster.url(DATABASE);
        Ok(Self { read_url: url.clone(), url, announcement: None, cluster: Some(cluster), master_key_file })
    }

    /// The database that is written to.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The database that is read from.
    pub fn read_url(&self) -> String {
        self.read_url.clone()
    }

    /// The databases to read from; the last one is the primary.
    pub fn reading_urls(&self) -> Vec<String> {
        let primary = self.has_replica().then(|| self.url());
        [self.read_url()].into_iter().chain(primary).collect()
    }

    /// Whether reads use another server than writes.
    pub fn has_replica(&self) -> bool {
        self.read_url != self.url
    }

    /// The file of the master key that the server of this database reads.
    pub(crate) fn master_key_file(&self) -> &Path {
        &self.master_key_file
    }

    /// Stops the private cluster, if there is one.
    ///
    /// # Errors
    /// When it does not stop in time.
    pub fn stop(self) -> Result<(), ClusterError> {
        drop(self.announcement);
        self.cluster.map_or(Ok(()), Cluster::stop)
    }

    /// Signals the private cluster to stop, if there is one, and does not wait for it.
    ///
    /// # Errors
    /// When it cannot be signalled.
    pub fn leave(self) -> Result<(), ClusterError> {
        drop(self.announcement);
        self.cluster.map_or(Ok(()), Cluster::leave)
    }
}

fn unconfigured() -> SettingsError {
    SettingsError::Unusable {
        key: "database.url",
        why: "it is empty, and database.embedded is false: say where Postgres is, best in the environment \
              (ANNOTATION_STATISTICS__DATABASE__URL=postgres://user:password@host/name)"
            .into(),
    }
}

#[expect(clippy::disallowed_methods, reason = "PATH has the folders where the programs of Postgres are")]
fn search_path() -> Option<OsString> {
    std::env::var_os("PATH")
}
