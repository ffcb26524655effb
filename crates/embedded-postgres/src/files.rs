//! Writes to folders of the server's user, who may have put a link anywhere: nothing is written through a link.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::account::Account;
use crate::{Error, program};

/// Replaces the file, whatever it is.
const REPLACE: &str = r#"umask 077; rm -f -- "$1.new" && cat >"$1.new" && mv -f -- "$1.new" "$1""#;

/// Appends to the file.
const APPEND: &str = r#"umask 077; cat >>"$1""#;

/// Replaces a file in a folder of the server's user, as that user, with no other permissions.
pub(crate) fn replace(path: &Path, text: &[u8], account: &Account) -> Result<(), Error> {
    write(REPLACE, path, text, account)
}

/// Appends to a file in a folder of the server's user, as that user.
pub(crate) fn append(path: &Path, text: &[u8], account: &Account) -> Result<(), Error> {
    write(APPEND, path, text, account)
}

fn write(script: &str, path: &Path, text: &[u8], account: &Account) -> Result<(), Error> {
    let mut command = account.command(Path::new("/bin/sh"));
    let output = program::output_for(command.args(["-c", script, "embedded-postgres-write"]).arg(path), text)?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::file("write", path)(io::Error::other(program::text(&output))))
}

/// Opens a private file of this process, or creates it. A symbolic link, and a hard link, are refused.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> Result<File, Error> {
    let options = options.create(true).mode(0o600).custom_flags(no_follow(OFlags::empty()));
    let is_link = path.is_symlink();
    let file = options.open(path).map_err(|source| {
        if is_link { Error::Foreign { path: path.to_path_buf() } } else { Error::file("open", path)(source) }
    })?;
    let found = file.metadata().map_err(Error::file("open", path))?;
    if found.is_file() && found.nlink() == 1 {
        return Ok(file);
    }
    Err(Error::Foreign { path: path.to_path_buf() })
}

/// Makes a folder the server's user's own, and closes it to others.
pub(crate) fn secure(folder: &Path, account: &Account) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    let opened = options.read(true).custom_flags(no_follow(OFlags::DIRECTORY)).open(folder);
    let opened = opened.map_err(Error::file("protect", folder))?;
    opened.set_permissions(Permissions::from_mode(0o700)).map_err(Error::file("protect", folder))?;
    account.give_open(&opened, folder)
}

/// Makes sure that a file is on the disk.
pub(crate) fn sync(path: &Path) -> Result<(), Error> {
    fs::File::open(path).and_then(|file| file.sync_all()).map_err(Error::file("sync", path))
}

fn no_follow(and: OFlags) -> i32 {
    (OFlags::NOFOLLOW | and).bits().cast_signed()
}
