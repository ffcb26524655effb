//! The user that PostgreSQL's programs run as.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, fchown, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::{Error, program};

const PASSWD: &str = "/etc/passwd";

/// Users that may own a server when this is root, preferred ones first. macOS has an underscore.
const UNPRIVILEGED: [&str; 3] = ["postgres", "_postgres", "nobody"];

/// A user that PostgreSQL accepts: this one, or an unprivileged one when this is root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    name: String,
    uid: u32,
    gid: u32,
    /// Whether it is another user than this process.
    switched: bool,
}

impl Account {
    /// The user of the cluster with this data folder: as root, its current owner, otherwise `postgres` or `nobody`.
    pub(crate) fn for_data(data: &Path) -> Result<Self, Error> {
        let user = rustix::process::geteuid();
        let owner = fs::metadata(data).ok().map(|found| (found.uid(), found.gid()));
        if user.is_root() {
            return match owner {
                Some((uid, gid)) if uid != 0 => Ok(Self { name: uid.to_string(), uid, gid, switched: true }),
                Some(_) | None => Self::unprivileged(),
            };
        }
        let user = user.as_raw();
        match owner {
            Some((owner, _)) if owner != user => Err(Error::OwnedByAnother { folder: data.to_path_buf(), owner, user }),
            Some(_) | None => Ok(Self {
                name: user.to_string(),
                uid: user,
                gid: rustix::process::getegid().as_raw(),
                switched: false,
            }),
        }
    }

    fn unprivileged() -> Result<Self, Error> {
        let passwd = fs::read_to_string(PASSWD).map_err(Error::file("read", Path::new(PASSWD)))?;
        UNPRIVILEGED
            .iter()
            .find_map(|name| find_in_passwd(&passwd, name))
            .map(|(name, uid, gid)| Self { name, uid, gid, switched: true })
            .ok_or(Error::NoUnprivilegedUser)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// Whether it is another user than the one of this process (which is then root).
    pub(crate) fn is_switched(&self) -> bool {
        self.switched
    }

    /// A command that will run as this user. `Command::uid` also drops root's supplementary groups.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = program::command(program);
        if self.switched {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes this user the owner of a file or folder.
    pub(crate) fn give(&self, path: &Path) -> Result<(), Error> {
        if self.switched {
            lchown(path, Some(self.uid), Some(self.gid)).map_err(Error::file("change the owner of", path))?;
        }
        Ok(())
    }

    /// The same for an open file, which no link can replace.
    pub(crate) fn give_open(&self, file: &File, path: &Path) -> Result<(), Error> {
        if self.switched {
            fchown(file, Some(self.uid), Some(self.gid)).map_err(Error::file("change the owner of", path))?;
        }
        Ok(())
    }

    /// Whether this user can enter the folder: tried, so that access lists and mounts count too.
    pub(crate) fn can_enter(&self, folder: &Path) -> Result<bool, Error> {
        let mut test = self.command(Path::new("test"));
        Ok(program::output(test.arg("-x").arg(folder))?.status.success())
    }
}

/// Name, user id and group id of a user.
fn find_in_passwd(passwd: &str, name: &str) -> Option<(String, u32, u32)> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let found = fields.next().filter(|found| *found == name)?;
        let uid = fields.nth(1)?.parse().ok().filter(|uid| *uid != 0)?;
        Some((found.to_owned(), uid, fields.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::find_in_passwd;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
        # a comment\n\
        postgres2:x:5:5::/:/bin/sh\n\
        broken:x\n\
        toor:x:0:0::/root:/bin/sh\n\
        postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n\
        nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin";

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        assert_eq!(find_in_passwd(PASSWD, "postgres"), Some(("postgres".to_owned(), 101, 104)));
        assert_eq!(find_in_passwd(PASSWD, "nobody"), Some(("nobody".to_owned(), 65534, 65533)));
    }

    #[test]
    fn a_missing_or_broken_user_and_a_second_root_are_not_taken() {
        for name in ["absent", "broken", "toor", "root", ""] {
            assert_eq!(find_in_passwd(PASSWD, name), None, "{name}");
        }
    }
}
