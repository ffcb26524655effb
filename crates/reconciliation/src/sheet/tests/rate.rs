//! What reading a million values takes.

use crate::ItemNames;
use crate::sheet::{Sheet, SheetOptions};
use std::fmt::Write as _;
use std::io::{self, Cursor, Write as _};

const VALUES: u64 = 1_000_000;

/// Bytes of this process: resident now (`VmRSS:`), or the most so far (`VmHWM:`).
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Nanoseconds of processor time of this thread.
fn spent() -> u64 {
    let scheduled = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    scheduled.split(' ').next().unwrap().parse().unwrap()
}

/// Lines of CSV, and their header.
fn lines(header: &str, line: impl Fn(u64) -> String) -> String {
    (0..VALUES).fold(header.to_owned(), |mut file, number| {
        writeln!(file, "{}", line(number)).unwrap();
        file
    })
}

#[test]
#[ignore = "prints figures, in a release build alone: see what a sheet may look like"]
fn a_million_values_are_read() {
    let id = |number: u64| 1_740_000_000_000_000_001 + number / 5 * 7;
    let name = |number: u64| format!("2026-11-30/camera-front/{number:09}.jpg");
    let items = ["car", "bus", "tree", "sign-post", "0e767bcb-7480-4e85-bbe8-439fe7871104"];
    let item = |number: u64| items[usize::try_from(number % 5).unwrap()];
    for (by, file) in [
        ("id", lines("id,item,count\n", |number| format!("{},{},{}", id(number), item(number), number % 300))),
        (
            "name",
            lines("name;item;count\n", |number| format!("{};{};1.{:03}", name(number / 5), item(number), number % 300)),
        ),
        ("names that differ", lines("name;frames\n", |number| format!("{};3", name(number)))),
    ] {
        let (before, begun) = (memory("VmRSS:"), spent());
        let sheet = Sheet::read(Cursor::new(&file), &SheetOptions::default(), &ItemNames::default()).unwrap();
        let (took, more) = ((spent() - begun) / 1_000_000, (memory("VmHWM:") - before) / 1000);
        assert_eq!(u64::try_from(sheet.stated.len()).unwrap(), VALUES);
        writeln!(io::stderr(), "{VALUES} values by {by}, {} bytes: {took} ms, {more} kB", file.len()).unwrap();
    }
}
