//! Reads a sheet, and prints how long that took and how much memory: `cargo run --release -p
//! annotation-statistics-reconciliation --example read_sheet FILE`.

use annotation_statistics_reconciliation::{ItemNames, Sheet, SheetOptions};
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};

/// The most bytes of this process so far, as the system writes it.
fn memory() -> io::Result<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(line.unwrap_or_default().trim().to_owned())
}

/// Nanoseconds of processor time of this thread, as the system writes it.
fn spent() -> io::Result<String> {
    let scheduled = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(scheduled.split(' ').next().unwrap_or_default().to_owned())
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).ok_or("usage: read_sheet FILE")?;
    let before = memory()?;
    let sheet = Sheet::read(File::open(file)?, &SheetOptions::default(), &ItemNames::default())?;
    let kind = if sheet.is_of_tasks() { "tasks" } else { "sums" };
    let (spent, after) = (spent()?, memory()?);
    writeln!(io::stdout(), "a sheet of {kind}: {spent} ns, {before} before, {after} after")?;
    Ok(())
}
