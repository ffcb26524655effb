//! The tasks that are stated.

use super::REQUEST;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// The operation items of each task.
pub(super) const ITEMS: usize = KEYS.len();

const KEYS: [&str; 5] = ["car", "pedestrian", "select-[e0001]", "0e767bcb-7480-4e85-bbe8-439fe7871104", "bus"];

/// One task in so many is changed.
const CHANGED: usize = 100;

/// Writes so many as JSON Lines. Their ids are in no order: a statement, which has an order, reads them from all over the table.
pub(super) fn write_all(path: &Path, tasks: u32) {
    write(path, 0..tasks, 0);
}

/// Writes those that change, with other counts.
pub(super) fn write_changed(path: &Path, tasks: u32) {
    write(path, (0..tasks).step_by(CHANGED), 1);
}

fn write(path: &Path, numbers: impl Iterator<Item = u32>, more: u32) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    for number in numbers {
        let row = row(number, more);
        writeln!(out, "{{\"annotationRequestId\":\"{REQUEST}\",\"campaignId\":\"1001\",{}", &row[1..]).unwrap();
    }
    out.flush().unwrap();
}

/// A task as the body of a write has it, with counts that follow no pattern, each so much larger.
pub(super) fn row(number: u32, more: u32) -> String {
    let scattered = number.wrapping_mul(2_654_435_761);
    let id = 300_000_000_000_000_000 + u64::from(scattered);
    let counts: Vec<u32> = (0..5).map(|salt| scattered.rotate_left(7 * salt + 3) % 40 + more).collect();
    let info: Vec<String> = KEYS.iter().zip(&counts).map(|(key, count)| format!("\"{key}\":{count}")).collect();
    let (info, sum) = (info.join(","), counts.iter().sum::<u32>());
    format!(
        "{{\"id\":{id},\"status\":11,\"poolName\":\"complete pool\",\"poolType\":5,\"instanceInfo\":{{{info}}},\
         \"instanceNum\":{sum},\"attributeNum\":0,\"frameNum\":1}}"
    )
}
