//! The configuration of the server (`embedded.conf`), rewritten at each start.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::account::Account;
use crate::socket_folder::PORT;
use crate::{ClusterOptions, Error, files};

/// The file in the data folder; `postgresql.conf` includes it.
const FILE: &str = "embedded.conf";

/// Enough for a small machine, and for tests that run side by side.
const DEFAULTS: [(&str, &str); 8] = [
    ("shared_buffers", "128MB"),
    ("max_connections", "200"),
    ("max_wal_size", "2GB"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_destination", "stderr"),
    ("logging_collector", "off"),
    ("log_line_prefix", "%m [%p] %d "),
];

/// Faster, and everything may be lost by a power cut, but by nothing else.
const NOT_DURABLE: [(&str, &str); 3] = [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")];

/// Lets `postgresql.conf` of a new cluster include it, at its end, where it overrides what is above.
pub(crate) fn include(data: &Path, account: &Account) -> Result<(), Error> {
    let path = data.join("postgresql.conf");
    let line =
        format!("\n# Rewritten at each start; settings below this line override it.\ninclude_if_exists '{FILE}'\n");
    files::append(&path, line.as_bytes(), account)?;
    files::sync(&path)
}

/// Writes the configuration of this start.
pub(crate) fn write(data: &Path, options: &ClusterOptions, sockets: &Path, account: &Account) -> Result<(), Error> {
    files::replace(&data.join(FILE), &render(options, sockets)?, account)
}

fn render(options: &ClusterOptions, sockets: &Path) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    let mut set = |name: &str, value: &[u8]| {
        let quoted = [name.as_bytes(), b" = '", &doubled(value, b"'\\"), b"'\n"].concat();
        text.extend(quoted);
    };
    for (name, value) in DEFAULTS {
        set(name, value.as_bytes());
    }
    for (name, value) in NOT_DURABLE.iter().filter(|_| !options.durable) {
        set(name, value.as_bytes());
    }
    for (name, value) in &options.settings {
        check(name, value)?;
        set(name, value.as_bytes());
    }
    // A list of folders: quoted, so that a comma is a part of the name.
    let folders = [b"\"", doubled(sockets.as_os_str().as_bytes(), b"\"").as_slice(), b"\""].concat();
    set("listen_addresses", b"");
    set("unix_socket_directories", &folders);
    set("unix_socket_permissions", b"0700");
    set("port", PORT.to_string().as_bytes());
    Ok(text)
}

fn check(name: &str, value: &str) -> Result<(), Error> {
    let letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let good_name = name.bytes().next().is_some_and(letter)
        && name.bytes().all(|byte| letter(byte) || byte.is_ascii_digit() || byte == b'.');
    if good_name && !value.bytes().any(|byte| byte.is_ascii_control()) {
        return Ok(());
    }
    Err(Error::BadSetting { name: name.to_owned() })
}

/// The text with each of the given characters doubled.
fn doubled(text: &[u8], which: &[u8]) -> Vec<u8> {
    text.iter().flat_map(|byte| std::iter::repeat_n(*byte, if which.contains(byte) { 2 } else { 1 })).collect()
}

#[cfg(test)]
mod tests {
    use super::{check, doubled};

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(doubled(b"it's a \\", b"'\\"), b"it''s a \\\\");
    }

    #[test]
    fn a_setting_that_could_smuggle_in_another_is_refused() {
        for (name, value, good) in [
            ("work_mem", "4MB", true),
            ("pg_stat_statements.track", "all", true),
            ("_x1", "", true),
            ("", "1", false),
            ("1x", "1", false),
            ("a b", "1", false),
            ("a='1'\nb", "1", false),
            ("a", "1\nfsync=off", false),
            ("a", "\0", false),
        ] {
            assert_eq!(check(name, value).is_ok(), good, "{name} = {value}");
        }
    }
}
