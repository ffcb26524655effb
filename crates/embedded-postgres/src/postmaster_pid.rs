//! `postmaster.pid`: which process serves a data folder, and whether it still does.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::{Error, program};

/// The process that serves a data folder, if one runs.
pub(crate) fn running(data: &Path) -> Option<u32> {
    let pid = parse(&fs::read_to_string(path_in(data)).ok()?)?;
    serves(&command_line(pid)?, data).then_some(pid)
}

/// The socket folder of the running server of a data folder.
pub(crate) fn socket_folder(data: &Path) -> Option<PathBuf> {
    running(data)?;
    let text = fs::read_to_string(path_in(data)).ok()?;
    // The fifth line; PostgreSQL documents the lines in pidfile.h.
    text.lines().nth(4).filter(|folder| folder.starts_with('/')).map(PathBuf::from)
}

/// Removes a stale `postmaster.pid`, which would prevent a start: it is half-written, or its process id now belongs to
/// another program (a zombie too). One of a dead process is left to PostgreSQL, which reads more from it. Should this be
/// wrong, PostgreSQL's shared memory check still prevents a second server.
pub(crate) fn sweep(data: &Path) -> Result<(), Error> {
    let path = path_in(data);
    let Ok(text) = fs::read(&path) else { return Ok(()) };
    let pid = parse(&String::from_utf8_lossy(&text));
    if pid.is_none_or(|pid| command_line(pid).is_some_and(|line| !serves(&line, data))) {
        fs::remove_file(&path).map_err(Error::file("remove", &path))?;
    }
    Ok(())
}

fn path_in(data: &Path) -> PathBuf {
    data.join("postmaster.pid")
}

/// The first line is the process id. It may be half-written, or negative for a single-user server.
fn parse(text: &str) -> Option<u32> {
    text.lines().next()?.trim().parse().ok().filter(|pid| *pid > 0)
}

/// The command line of a process, separated by spaces: `None` for a dead process, empty for a zombie.
fn command_line(pid: u32) -> Option<Vec<u8>> {
    let line = if Path::new("/proc/self/cmdline").exists() {
        fs::read(format!("/proc/{pid}/cmdline")).ok()?
    } else {
        let ps =
            program::output(program::command(Path::new("ps")).args(["-ww", "-o", "args=", "-p", &pid.to_string()]));
        ps.ok().filter(|ps| ps.status.success())?.stdout
    };
    let words: Vec<u8> = line.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect();
    Some(words.trim_ascii().to_vec())
}

/// Whether it is the command line of a server for this folder, as `pg_ctl` writes it.
fn serves(command_line: &[u8], data: &Path) -> bool {
    let end = [b"postgres -D ", data.as_os_str().as_bytes()].concat();
    command_line.ends_with(&end)
}

#[cfg(test)]
mod tests {
    use super::{command_line, parse, running, serves, sweep};
    use std::fs;

    #[test]
    fn the_process_id_is_the_first_line() {
        for (text, pid) in [
            ("4242\n/data\n1700000000\n5432\n/tmp\n\n 1 2\nready   \n", Some(4242)),
            ("4242", Some(4242)),
            ("-4242\n/data\n", None),
            ("0\n", None),
            ("", None),
            ("nonsense\n", None),
        ] {
            assert_eq!(parse(text), pid, "{text:?}");
        }
    }

    #[test]
    fn only_a_server_of_this_very_folder_counts() {
        for (line, serving) in [
            ("/usr/lib/postgresql/15/bin/postgres -D /a/cluster", true),
            ("/usr/lib/postgresql/15/bin/postgres -D /a/cluster2", false),
            ("/usr/lib/postgresql/15/bin/postgres -D /b/a/cluster", false),
            ("/usr/bin/vim /a/cluster", false),
            ("", false),
        ] {
            assert_eq!(serves(line.as_bytes(), "/a/cluster".as_ref()), serving, "{line}");
        }
    }

    #[test]
    fn the_command_line_of_a_living_process_can_be_read() {
        let own = command_line(std::process::id()).unwrap();
        let program = std::env::args().next().unwrap();
        assert!(own.starts_with(program.as_bytes()));
    }

    #[test]
    fn a_process_id_that_belongs_to_another_program_is_stale() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("postmaster.pid");
        fs::write(&file, format!("{}\n", std::process::id())).unwrap();

        assert_eq!(running(data.path()), None);
        sweep(data.path()).unwrap();

        assert!(!file.exists());
    }

    #[test]
    fn a_half_written_file_is_stale_and_one_of_a_dead_process_is_left_to_postgres() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("postmaster.pid");
        // The last is above the highest process id there can be.
        for (text, kept) in [("", false), ("nonsense", false), ("\u{0}\u{0}", false), ("4194305\n", true)] {
            fs::write(&file, text).unwrap();
            sweep(data.path()).unwrap();
            assert_eq!(file.exists(), kept, "{text:?}");
        }
    }
}
