//! The end of the server's log.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

const LINES: usize = 15;
const BYTES: u64 = 16 * 1024;

/// The length of the log now: what follows belongs to the next attempt.
pub(crate) fn length(log_file: &Path) -> u64 {
    fs::metadata(log_file).map_or(0, |found| found.len())
}

/// The last lines written after the first `from` bytes. A log that cannot be read has none: they are for errors only.
pub(crate) fn since(log_file: &Path, from: u64) -> String {
    let text = read(log_file, from.max(length(log_file).saturating_sub(BYTES))).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join("\n")
}

fn read(log_file: &Path, from: u64) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(log_file)?;
    file.seek(SeekFrom::Start(from))?;
    let mut text = Vec::new();
    file.take(BYTES).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{length, since};
    use std::fs;
    use std::io::Write;

    #[test]
    fn only_the_last_lines_of_the_last_attempt_are_reported() {
        let temp = tempfile::tempdir().unwrap();
        let log = temp.path().join("postgres.log");
        fs::write(&log, "old\n").unwrap();
        let before = length(&log);
        let mut file = fs::File::options().append(true).open(&log).unwrap();
        for line in 1..=20 {
            writeln!(file, "line {line}").unwrap();
        }

        let tail = since(&log, before);

        assert!(tail.starts_with("line 6\n") && tail.ends_with("line 20"), "{tail}");
    }

    #[test]
    fn a_missing_log_has_no_lines() {
        assert_eq!(since("/does/not/exist".as_ref(), 0), "");
    }
}
