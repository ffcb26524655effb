//! On what is measured, and in which state it is: figures without that mean little.

use annotation_statistics_tests::SqlSession;
use embedded_postgres::Cluster;
use std::fs::read_to_string;
use std::thread::available_parallelism;

/// More work than this beside the benchmark, as a share of the processors, makes its figures worthless.
const BUSY: f64 = 0.25;

/// Prints processors, memory, load and the version of Postgres.
pub(crate) fn describe(cluster: &Cluster) {
    let processors = available_parallelism().map_or(1, usize::from);
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".into());
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".into());
    let postgres =
        SqlSession::open(&cluster.url("postgres")).query("SELECT current_setting('server_version')").remove(0);
    let load = load_of_the_last_minute();
    println!("{processors} processors ({model}), {memory} memory, Postgres {postgres}, load {load:.2}");
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a number of processors")]
    if load > BUSY * processors as f64 {
        println!("WARNING: this machine is busy with other work: compare ratios only");
    }
}

/// The value of a line of `label : value`.
fn field(file: &str, label: &str) -> Option<String> {
    let text = read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(label))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

fn load_of_the_last_minute() -> f64 {
    let text = read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|load| load.parse().ok()).unwrap_or(f64::NAN)
}
