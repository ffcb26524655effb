//! A sheet of 1,000,000 lines against the same tasks in a file and in the database.

use crate::limits::Limits;
use crate::program::Program;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Tasks, each of so many operation items.
const TASKS: u32 = 200_000;
const ITEMS: u32 = 5;

/// The most seconds, and the most megabytes that it takes more than for a sheet of one line.
const MOST_SECONDS: f64 = 6.0;
const MOST_MEGABYTES: f64 = 64.0;

/// How often the memory is looked at.
const INTERVAL: Duration = Duration::from_millis(2);

/// Compares them, and prints time and memory.
pub(crate) fn measure(program: &Program, folder: &Path, limits: &mut Limits) {
    let [one_rows, one_sheet, rows, sheet] =
        ["one.jsonl", "one.csv", "rows.jsonl", "sheet.csv"].map(|name| folder.join(name));
    write_files(&one_rows, &one_sheet, "one", 1);
    write_files(&rows, &sheet, "reconciled", TASKS);
    program.import(&one_rows);
    program.import(&rows);
    println!(
        "\nreconcile {} lines  seconds (at most {MOST_SECONDS})  MB more than for one task (at most {MOST_MEGABYTES})",
        TASKS * ITEMS
    );
    for (name, of_one, of_all) in [
        ("with a file", ["--rows", one_rows.to_str().unwrap()], ["--rows", rows.to_str().unwrap()]),
        ("with the database", ["--annotation-request-id", "one"], ["--annotation-request-id", "reconciled"]),
    ] {
        let (_, idle) = reconcile(program, &one_sheet, &of_one);
        let (seconds, peak) = reconcile(program, &sheet, &of_all);
        let more = peak - idle;
        println!("{name:<24} {seconds:>12.1} {more:>24.0}");
        limits.at_most(&format!("seconds to reconcile {name}"), seconds, MOST_SECONDS);
        limits.at_most(&format!("megabytes to reconcile {name}"), more, MOST_MEGABYTES);
    }
}

/// The seconds that it takes, and the most megabytes that are resident.
fn reconcile(program: &Program, sheet: &Path, with: &[&str]) -> (f64, f64) {
    let mut command = program.command();
    command.arg("reconcile").arg(sheet).args(with).stdout(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let (mut peak, mut seconds) = (0.0_f64, 0.0);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        seconds = started.elapsed().as_secs_f64();
        peak = peak.max(peak_megabytes(&child).unwrap_or_default());
        thread::sleep(INTERVAL);
    };
    assert!(status.success(), "the sheet does not agree");
    (seconds, peak)
}

fn peak_megabytes(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1_000.0)
}

/// Writes tasks as JSON Lines, and a sheet that agrees with them.
fn write_files(rows: &Path, sheet: &Path, request: &str, tasks: u32) {
    let [mut rows, mut sheet] = [rows, sheet].map(|path| BufWriter::new(File::create(path).unwrap()));
    writeln!(sheet, "id,operationItem,count").unwrap();
    for task in 0..tasks {
        let id = 300_000_000_000_000_001 + u64::from(task.wrapping_mul(2_654_435_761));
        let counts: Vec<(String, u32)> = (0..ITEMS).map(|item| (format!("item-{item}"), task % 40 + item)).collect();
        for (item, count) in &counts {
            writeln!(sheet, "{id},{item},{count}").unwrap();
        }
        let info: Vec<String> = counts.iter().map(|(item, count)| format!("\"{item}\":{count}")).collect();
        let (info, sum) = (info.join(","), counts.iter().map(|(_, count)| count).sum::<u32>());
        writeln!(
            rows,
            "{{\"annotationRequestId\":\"{request}\",\"id\":{id},\"status\":11,\"campaignId\":\"1001\",\
             \"poolName\":\"complete pool\",\"poolType\":5,\"instanceInfo\":{{{info}}},\"instanceNum\":{sum},\
             \"attributeNum\":0,\"frameNum\":1}}"
        )
        .unwrap();
    }
    for file in [&mut rows, &mut sheet] {
        file.flush().unwrap();
    }
}
