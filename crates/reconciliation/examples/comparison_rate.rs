//! Measures what it takes to read a sheet of 1,000,000 values and to compare it with 200,000 tasks of 5 operation items:
//! `cargo run --release -p annotation-statistics-reconciliation --example comparison_rate`, on Linux.
//!
//! It prints the processor time of each, and how much more memory the process had than before, at most. The tasks come one
//! at a time, and to make them is not in the time. All lines are written as CSV, to nowhere.

use annotation_statistics_domain::{
    BoxError, CampaignId, Count, InstanceInfo, OperationItemKey, PoolName, PoolType, SourceName, Statistics,
    StatisticsParts, TaskId, TaskStatus,
};
use annotation_statistics_reconciliation::{
    Comparison, CsvLines, CsvOptions, FirstDifferences, ItemNames, Sheet, SheetOptions,
};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Seek, Write};

const TASKS: u32 = 200_000;
const KEYS: [&str; 5] = ["box", "car", "car/color", "person", "tree"];
/// Tasks between two looks at the clock, which takes longer than a task.
const BATCH: u32 = 1_000;

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn main() -> Result<(), BoxError> {
    for by in ["id", "sourceName"] {
        let file = sheet_of_tasks(by)?;
        forget_peak()?;
        let (before, start) = (memory("VmRSS:")?, processor_time()?);
        let sheet = Sheet::read(BufReader::new(file), &SheetOptions::default(), &ItemNames::default())?;
        println!(
            "by {by}: read in {:.2} s, {} kB",
            processor_time()? - start,
            memory("VmHWM:")?.saturating_sub(before)
        );
        forget_peak()?;
        let seconds = compare(sheet)?;
        println!("by {by}: compared in {seconds:.2} s, {} kB", memory("VmHWM:")?.saturating_sub(before));
    }
    Ok(())
}

/// A CSV file with a line for each task and item. They are in no order, and one in a hundred is of a task that is not recorded.
fn sheet_of_tasks(by: &str) -> io::Result<File> {
    let mut out = BufWriter::new(tempfile::tempfile()?);
    writeln!(out, "{by},operationItem,count")?;
    for line in 0..TASKS {
        let task = u64::from(line) * 7_919 % u64::from(TASKS);
        for key in KEYS {
            let unknown = if task % 100 == 0 { "9" } else { "" };
            match by {
                "id" => writeln!(out, "{}{unknown},{key},3", 30_000_000_000_000_007 + task)?,
                _ => writeln!(out, "{unknown}{},{key},3", source_name(task))?,
            }
        }
    }
    let mut file = out.into_inner()?;
    file.rewind()?;
    Ok(file)
}

fn source_name(task: u64) -> String {
    format!("camera/front/{task:09}.jpg")
}

/// A recorded task.
fn task(number: u32) -> Result<Statistics, BoxError> {
    let counts = KEYS.map(|key| OperationItemKey::new(key).map(|key| (key, Count::from(3))));
    let parts = StatisticsParts {
        id: TaskId::from(30_000_000_000_000_007 + i64::from(number)),
        source_name: Some(SourceName::new(source_name(number.into()))?),
        status: TaskStatus::LABELS_APPROVED,
        campaign_id: CampaignId::new("1001")?,
        pool_name: PoolName::new("complete pool")?,
        pool_type: PoolType::Complete,
        instance_info: InstanceInfo::new(counts.into_iter().collect::<Result<Vec<_>, _>>()?)?,
        instance_num: Count::from(12),
        attribute_num: Count::from(3),
        frame_num: Count::ONE,
    };
    Ok(Statistics::new(parts)?)
}

/// Seconds that the comparison takes.
fn compare(sheet: Sheet) -> Result<f64, BoxError> {
    let lines = (FirstDifferences::default(), CsvLines::new(io::sink(), CsvOptions::default())?);
    let start = processor_time()?;
    let mut comparison = Comparison::new(sheet, ItemNames::default(), lines);
    let mut seconds = processor_time()? - start;
    for first in (0..TASKS).step_by(usize::try_from(BATCH)?) {
        let batch = (first..first + BATCH).map(task).collect::<Result<Vec<_>, _>>()?;
        let start = processor_time()?;
        batch.iter().try_for_each(|task| comparison.take(task))?;
        seconds += processor_time()? - start;
    }
    let start = processor_time()?;
    let (found, _) = comparison.finish()?;
    seconds += processor_time()? - start;
    let expected = (1_000_000, 990_000, 10_000, 10_000);
    let counted = (found.lines, found.matched, found.missing, found.extra);
    if counted == expected { Ok(seconds) } else { Err(format!("{counted:?} in place of {expected:?}").into()) }
}

/// Seconds that this thread was on a processor.
fn processor_time() -> Result<f64, BoxError> {
    let times = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = times.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}

/// Kilobytes of this process: resident now (`VmRSS:`), or the most so far (`VmHWM:`).
fn memory(what: &str) -> Result<u64, BoxError> {
    let status = fs::read_to_string("/proc/self/status")?;
    let found = status.lines().find_map(|line| line.strip_prefix(what)).and_then(|line| line.strip_suffix("kB"));
    Ok(found.unwrap_or_default().trim().parse()?)
}

/// Lets the most so far begin with what is resident now.
fn forget_peak() -> io::Result<()> {
    fs::write("/proc/self/clear_refs", "5")
}
