//! Whether a command makes a private cluster, and why it has none, with the next step.

use super::served_cluster::ServedCluster;
use crate::settings::SettingsError;
use embedded_postgres::Cluster;
use std::path::Path;

/// Where the development profile has its cluster, in the current folder.
const OF_DEVELOPMENT: &str = "data/postgres";

/// The setting that names another folder.
const KEY: &str = "database.embedded_dir";

const VARIABLE: &str = "ANNOTATION_STATISTICS__DATABASE__EMBEDDED_DIR";

/// Whether a command makes a private cluster where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NewCluster {
    /// It does.
    Made,
    /// It refuses to.
    Refused,
    /// It refuses to, and has the option `--create`.
    RefusedWithoutCreate,
}

impl NewCluster {
    /// What a command with the option `--create` does.
    pub(crate) fn by_option(create: bool) -> Self {
        if create { Self::Made } else { Self::RefusedWithoutCreate }
    }
}

/// No cluster is in the folder, and the command makes none.
pub(super) fn missing(folder: &Path, served: &[ServedCluster], new_cluster: NewCluster) -> SettingsError {
    let made = if new_cluster == NewCluster::RefusedWithoutCreate { ", or make it now with --create" } else { "" };
    let elsewhere = if let Some(served) = served.first() {
        format!("; a running server uses {}: {VARIABLE} names it", served.folder.display())
    } else if folder != Path::new(OF_DEVELOPMENT) && Cluster::is_in(Path::new(OF_DEVELOPMENT)) {
        format!("; there is one in {OF_DEVELOPMENT}: --env development uses it")
    } else {
        String::new()
    };
    let why = format!(
        "there is no private database in {}: `annotation-statistics serve` and `demo` make one{made}; database.url names \
         another database{elsewhere}",
        folder.display()
    );
    SettingsError::Unusable { key: KEY, why }
}

/// Several servers run, and none has the cluster of the settings.
pub(super) fn several(served: &[ServedCluster]) -> SettingsError {
    let folders: Vec<_> = served.iter().map(|served| served.folder.display().to_string()).collect();
    let why = format!("several servers run, with private databases in {}: {VARIABLE} names one", folders.join(" and "));
    SettingsError::Unusable { key: KEY, why }
}
