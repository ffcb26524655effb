//! The database: an external one, or a private cluster that this program runs.

use super::error::ApplicationError;
use crate::settings::{DatabaseSettings, SettingsError};
use embedded_postgres::{Binaries, Cluster, ClusterOptions, Error as ClusterError};
use std::ffi::OsString;
use std::path::PathBuf;

/// The database of a private cluster.
const DATABASE: &str = "postgres";

/// The parent folder of clusters of root, where Postgres' user cannot enter the folder that was configured.
const ROOT_FALLBACK: &str = "/var/lib/annotation-statistics";

/// The database that the service uses, with its read replica.
#[derive(Debug)]
pub struct DatabaseSource {
    url: String,
    read_url: String,
    cluster: Option<Cluster>,
}

impl DatabaseSource {
    /// Takes the configured database, or starts the private cluster.
    ///
    /// # Errors
    /// When a private cluster is not allowed, or it does not start; the message has the next step. It is in use where
    /// another program runs it.
    pub fn start(settings: &DatabaseSettings) -> Result<Self, ApplicationError> {
        match settings.url.reveal() {
            Some(url) => Ok(Self::configured(settings, url)),
            None if settings.embedded => Ok(Self::private(settings)?),
            None => Err(SettingsError::Unusable {
                key: "database.url",
                why: "it is empty, and database.embedded is false: say where Postgres is, best in the environment \
                      (ANNOTATION_STATISTICS__DATABASE__URL=postgres://user:password@host/name)"
                    .into(),
            }
            .into()),
        }
    }

    /// As [`start`](Self::start), but connects to the private cluster where another program runs it.
    ///
    /// # Errors
    /// When a private cluster is not allowed, or it neither runs nor starts.
    pub fn share(settings: &DatabaseSettings) -> Result<Self, ApplicationError> {
        Self::start(settings).or_else(|error| {
            let running = Cluster::url_of_running(&settings.embedded_dir, DATABASE);
            match (&error, running) {
                (ApplicationError::Cluster(ClusterError::InUse { .. }), Some(url)) => {
                    Ok(Self { read_url: url.clone(), url, cluster: None })
                }
                _ => Err(error),
            }
        })
    }

    fn configured(settings: &DatabaseSettings, url: &str) -> Self {
        let read_url = settings.read_url.reveal().unwrap_or(url);
        Self { url: url.to_owned(), read_url: read_url.to_owned(), cluster: None }
    }

    fn private(settings: &DatabaseSettings) -> Result<Self, ClusterError> {
        let mut options = ClusterOptions::new(&settings.embedded_dir, Binaries::find(search_path().as_deref())?);
        options.start_timeout = settings.embedded_start_timeout.get();
        options.stop_timeout = settings.embedded_stop_timeout.get();
        options.root_fallback = Some(PathBuf::from(ROOT_FALLBACK));
        tracing::info!(folder = %settings.embedded_dir.display(), "starting the private database");
        let cluster = Cluster::start(options)?;
        let url = cluster.url(DATABASE);
        Ok(Self { read_url: url.clone(), url, cluster: Some(cluster) })
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

    /// Stops the private cluster, if there is one.
    ///
    /// # Errors
    /// When it does not stop in time.
    pub fn stop(self) -> Result<(), ClusterError> {
        self.cluster.map_or(Ok(()), Cluster::stop)
    }

    /// Signals the private cluster to stop, if there is one, and does not wait for it.
    ///
    /// # Errors
    /// When it cannot be signalled.
    pub fn leave(self) -> Result<(), ClusterError> {
        self.cluster.map_or(Ok(()), Cluster::leave)
    }
}

#[expect(clippy::disallowed_methods, reason = "PATH has the folders where the programs of Postgres are")]
fn search_path() -> Option<OsString> {
    std::env::var_os("PATH")
}
