//! Measures how many lines a second are read: `cargo run --release --example json_lines_rate`.

use annotation_statistics_formats::JsonLines;
use std::time::Instant;

const LINES: u32 = 1_000_000;

#[expect(clippy::print_stdout, reason = "the figure is what this program is for")]
fn main() {
    let mut file = Vec::new();
    for id in 0..LINES {
        let line = format!(
            concat!(
                r#"{{"annotationRequestId":"7d44b43b-3bbd-4f53-9f95-b7c0217d8d5b","id":{},"status":11,"campaignId":"1001","#,
                r#""poolName":"complete pool","poolType":5,"instanceInfo":{{"bicycle":1,"bus":2,"car":3,"car/color":4,"#,
                r#""person":5,"person/age":6,"select-[e000f]":44,"van":7}},"instanceNum":18,"attributeNum":54,"frameNum":1}}"#,
                "\n"
            ),
            300_000_000_000_000_000_i64 + i64::from(id)
        );
        file.extend_from_slice(line.as_bytes());
    }
    let start = Instant::now();
    let read = JsonLines::new(file.as_slice()).flatten().count();
    let seconds = start.elapsed().as_secs_f64();
    println!("{read} of {LINES} lines in {seconds:.2} s: {:.0} a second", f64::from(LINES) / seconds);
}
