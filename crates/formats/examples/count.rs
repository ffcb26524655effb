//! Counts what is in annotation files: `cargo run --release --example count -- [--count RULE] FILE...`.

use annotation_statistics_domain::Count;
use annotation_statistics_formats::{CountingRule, ReadOptions, read};
use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut options = ReadOptions::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--count" {
            options.rule = arguments.next().unwrap_or_default().parse::<CountingRule>()?;
        } else if let Err(error) = count(Path::new(&argument), &options) {
            println!("{argument}: {error}");
        }
    }
    Ok(())
}

fn count(path: &Path, options: &ReadOptions) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let source_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut tasks = read(BufReader::new(File::open(path)?), &ReadOptions { source_name, ..options.clone() })?;
    let (mut number, mut instances, mut attributes, mut frames) = (0_u64, 0_i64, 0_i64, 0_i64);
    for task in &mut tasks {
        let task = task?;
        number += 1;
        instances += task.instance_num().map_or(0, Count::get);
        attributes += task.attribute_num().map_or(0, Count::get);
        frames += task.frames.get();
    }
    println!(
        "{}: {} by {}: {number} tasks, {instances} instances, {attributes} attributes, {frames} frames in {:.2} s",
        path.display(),
        tasks.format(),
        options.rule,
        start.elapsed().as_secs_f64()
    );
    print!("{}", tasks.report());
    Ok(())
}
