//! Counts annotation files and nothing else, to measure reading:
//! `cargo run --release -p annotation-statistics-formats --example reading_rate ...`
//!
//! * `FILE` counts a file, of any format.
//! * `compare FOLDER [MEGABYTES [ROUNDS]]` writes a file of each format into a folder, and compares, in turns, what it takes
//!   to count it with what it takes a plain program: typed `serde_json`, or `quick-xml`, over the same file in memory. It
//!   prints a line of JSON for each.
//! * `read SAMPLE FILE` and `plain SAMPLE FILE` do one of both, for a program that counts instructions.

mod plain_json;
mod plain_xml;
mod samples;

use annotation_statistics_formats::{ReadOptions, read};
use plain_xml::Shapes;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What was counted in a file.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Sums {
    tasks: usize,
    instances: usize,
    attributes: usize,
}

/// A file as one of the tools writes it.
struct Sample {
    name: &'static str,
    write: fn(&mut BufWriter<File>, u64) -> io::Result<()>,
    /// How many of its tasks, or tracks, are a megabyte.
    per_megabyte: u64,
    plain: fn(&[u8]) -> Outcome<Sums>,
}

const SAMPLES: [Sample; 8] = [
    Sample { name: "coco", write: samples::coco, per_megabyte: 725, plain: plain_json::coco },
    Sample { name: "label-studio", write: samples::label_studio, per_megabyte: 180, plain: plain_json::label_studio },
    Sample {
        name: "cvat",
        write: samples::cvat_images,
        per_megabyte: 360,
        plain: |file| plain_xml::cvat(file, Shapes::Alone),
    },
    Sample {
        name: "cvat-video",
        write: samples::cvat_video,
        per_megabyte: 65,
        plain: |file| plain_xml::cvat(file, Shapes::InTracks),
    },
    Sample { name: "openlabel", write: samples::openlabel, per_megabyte: 420, plain: plain_json::openlabel },
    Sample { name: "scalabel", write: samples::scalabel, per_megabyte: 370, plain: plain_json::scalabel },
    Sample { name: "datumaro", write: samples::datumaro, per_megabyte: 450, plain: plain_json::datumaro },
    Sample { name: "platform", write: samples::platform, per_megabyte: 380, plain: plain_json::platform },
];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [file] => count(Path::new(file)),
        ["read", _, file] => {
            print(&format!("{:?}", counted(Path::new(file))?));
            Ok(())
        }
        ["plain", name, file] => {
            print(&format!("{:?}", (sample(name)?.plain)(&fs::read(file)?)?));
            Ok(())
        }
        ["compare", folder, options @ ..] => {
            let option = |at: usize, other: u64| options.get(at).map_or(Ok(other), |number| number.parse());
            let (megabytes, rounds) = (option(0, 8)?, option(1, 9)?);
            SAMPLES.iter().try_for_each(|sample| compare(sample, Path::new(folder), megabytes, rounds))
        }
        _ => Err("name a file of annotations, or `compare FOLDER`".into()),
    }
}

fn sample(name: &str) -> Outcome<&'static Sample> {
    Ok(SAMPLES.iter().find(|sample| sample.name == name).ok_or("there is no such sample")?)
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn print(line: &str) {
    println!("{line}");
}

fn count(file: &Path) -> Outcome<()> {
    let megabytes = File::open(file)?.metadata()?.len() >> 20;
    let start = Instant::now();
    let sums = counted(file)?;
    let seconds = start.elapsed().as_secs_f64();
    print(&format!("{} tasks with {} instances in {megabytes} MiB and {seconds:.2} s", sums.tasks, sums.instances));
    Ok(())
}

fn counted(file: &Path) -> Outcome<Sums> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let options = ReadOptions { source_name: name, ..ReadOptions::default() };
    let mut sums = Sums::default();
    for task in read(BufReader::new(File::open(file)?), &options)? {
        let task = task?;
        sums.tasks += 1;
        sums.instances += usize::try_from(task.instance_num().ok_or("too many instances")?.get())?;
        sums.attributes += usize::try_from(task.attribute_num().ok_or("too many attributes")?.get())?;
    }
    Ok(sums)
}

/// The median of how many times longer it takes to count a file than a plain program takes.
fn compare(sample: &Sample, folder: &Path, megabytes: u64, rounds: u64) -> Outcome<()> {
    let file = folder.join(sample.name);
    let mut out = BufWriter::new(File::create(&file)?);
    (sample.write)(&mut out, megabytes * sample.per_megabyte)?;
    out.flush()?;
    let bytes = out.get_ref().metadata()?.len();
    let (mut ratios, mut rates) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (read, seconds) = timed(|| counted(&file))?;
        let (plain, plain_seconds) = timed(|| (sample.plain)(&fs::read(&file)?))?;
        if read != plain {
            return Err(format!("{}: counted {read:?}, and plainly {plain:?}", sample.name).into());
        }
        ratios.push(seconds / plain_seconds);
        rates.push(f64::from(u32::try_from(bytes)?) / seconds / 1e6);
    }
    let (ratio, rate) = (median(ratios), median(rates));
    let name = sample.name;
    print(&format!(r#"{{"sample":"{name}","bytes":{bytes},"ratio":{ratio:.2},"megabytes_per_second":{rate:.0}}}"#));
    Ok(())
}

fn timed<T>(run: impl FnOnce() -> Outcome<T>) -> Outcome<(T, f64)> {
    let start = Instant::now();
    Ok((run()?, start.elapsed().as_secs_f64()))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
