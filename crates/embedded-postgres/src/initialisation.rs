//! Initialises a new cluster.

use std::fs::{self, File};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::account::Account;
use crate::cluster::folder::{self, ClusterFolder};
use crate::cluster::url::SUPERUSER;
use crate::{Binaries, Error, configuration, program, version};

/// The prefix of unfinished clusters.
const UNFINISHED: &str = "initialising-";

/// Checks that there is a cluster, or an empty place for one, before anything is changed or registered for removal.
pub(crate) fn check(cluster_folder: &ClusterFolder) -> Result<(), Error> {
    let data = cluster_folder.data();
    let missing = !data.is_symlink() && !data.exists();
    if missing || version::of_data(&data).is_some() || (data.is_dir() && folder::is_empty(&data)?) {
        return Ok(());
    }
    Err(Error::Foreign { path: data })
}

/// Creates the cluster if there is none. It appears as a whole or not at all: initialised in another folder, then renamed.
pub(crate) fn ensure(
    cluster_folder: &ClusterFolder,
    binaries: &Binaries,
    durable: bool,
    account: &Account,
) -> Result<(), Error> {
    sweep(cluster_folder.folder());
    let data = cluster_folder.data();
    if version::of_data(&data).is_some() {
        return Ok(());
    }
    // A unique name: an orphaned initdb of a killed owner may still be writing to an older one.
    let timestamp = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let unfinished = cluster_folder.folder().join(format!("{UNFINISHED}{}-{timestamp}", std::process::id()));
    folder::make(&unfinished, 0o700)?;
    account.give(&unfinished)?;
    run_initdb(cluster_folder, binaries, durable, account, &unfinished)?;
    configuration::include(&unfinished, account)?;
    fs::rename(&unfinished, &data).map_err(Error::file("rename", &unfinished))?;
    if durable {
        let synced = File::open(cluster_folder.folder()).and_then(|folder| folder.sync_all());
        synced.map_err(Error::file("sync", cluster_folder.folder()))?;
    }
    Ok(())
}

fn run_initdb(
    cluster_folder: &ClusterFolder,
    binaries: &Binaries,
    durable: bool,
    account: &Account,
    into: &Path,
) -> Result<(), Error> {
    let mut initdb = account.command(&binaries.path("initdb"));
    initdb.arg("-D").arg(into).args(["-U", SUPERUSER, "-E", "UTF8", "--locale=C"]);
    initdb.args(["--auth-local=trust", "--auth-host=reject"]);
    if !durable {
        initdb.arg("--no-sync");
    }
    let output = program::output(&mut initdb)?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Initialise { folder: cluster_folder.requested().to_path_buf(), output: program::text(&output) })
}

/// Removes what interrupted attempts left. What cannot be removed now only costs space; the next start tries again.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
