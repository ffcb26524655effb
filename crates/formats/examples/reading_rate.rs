//! Counts an annotation file and nothing else, to measure reading:
//! `cargo run --release -p annotation-statistics-formats --example reading_rate FILE`.

use annotation_statistics_formats::{ReadOptions, read};
use std::io::BufReader;
use std::time::Instant;
use std::{env, error::Error, fs::File};

#[expect(clippy::print_stdout, reason = "the figure is what this program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("name a file of annotations")?;
    let megabytes = File::open(&path)?.metadata()?.len() >> 20;
    let options = ReadOptions { source_name: Some(path.clone()), ..ReadOptions::default() };
    let start = Instant::now();
    let (mut tasks, mut instances) = (0_u64, 0);
    for task in read(BufReader::new(File::open(&path)?), &options)? {
        tasks += 1;
        instances += task?.instance_num().ok_or("too many instances")?.get();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{tasks} tasks with {instances} instances in {megabytes} MiB and {seconds:.2} s");
    Ok(())
}
