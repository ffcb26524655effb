//! Making a new cluster.

use std::fs::{self, File};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::account::Account;
use crate::cluster_url::SUPERUSER;
use crate::place::{self, Place};
use crate::{Binaries, Error, program, settings, version};

/// How the names of unfinished clusters start.
const UNFINISHED: &str = "initialising-";

/// Whether there is a cluster, or room for one. To be asked before anything is changed or given a date of removal.
pub(crate) fn check(place: &Place) -> Result<(), Error> {
    let data = place.data();
    let missing = !data.is_symlink() && !data.exists();
    if missing || version::of_data(&data).is_some() || (data.is_dir() && place::is_empty(&data)?) {
        return Ok(());
    }
    Err(Error::Foreign { path: data })
}

/// Makes the cluster if there is none. It appears whole or not at all: made aside, then renamed.
pub(crate) fn ensure(place: &Place, binaries: &Binaries, durable: bool, account: &Account) -> Result<(), Error> {
    sweep(place.folder());
    let data = place.data();
    if version::of_data(&data).is_some() {
        return Ok(());
    }
    // A name of its own: an orphaned initdb of a killed owner may still be writing to an older one.
    let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let unfinished = place.folder().join(format!("{UNFINISHED}{}-{moment}", std::process::id()));
    place::make(&unfinished, 0o700)?;
    account.give(&unfinished)?;
    run_initdb(place, binaries, durable, account, &unfinished)?;
    settings::include(&unfinished, account)?;
    fs::rename(&unfinished, &data).map_err(Error::file("rename", &unfinished))?;
    if durable {
        let synced = File::open(place.folder()).and_then(|folder| folder.sync_all());
        synced.map_err(Error::file("sync", place.folder()))?;
    }
    Ok(())
}

fn run_initdb(place: &Place, binaries: &Binaries, durable: bool, account: &Account, into: &Path) -> Result<(), Error> {
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
    Err(Error::Initialise { folder: place.asked().to_path_buf(), output: program::said(&output) })
}

/// Removes what interrupted attempts left. One that cannot be removed now costs space only; the next start tries again.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
