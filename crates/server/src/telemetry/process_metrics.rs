//! Metrics of the process, by the names of Prometheus' own libraries; without `/proc`, as on macOS, only those that do not
//! need it.

use jiff::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use rustix::time::{ClockId, clock_gettime};
use std::fmt;
use std::fs;
use std::time::Duration;

/// Collects the metrics of this process.
#[derive(Debug)]
pub(super) struct ProcessMetrics {
    started: Timestamp,
}

impl ProcessMetrics {
    /// Of a process that starts now.
    pub(super) fn new() -> Self {
        Self { started: Timestamp::now() }
    }
}

impl Collector for ProcessMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let numbers = [
            (
                "process_start_time_seconds",
                "When the process started, since 1970",
                u64::try_from(self.started.as_second()).ok(),
            ),
            ("process_resident_memory_bytes", "Memory of the process", resident_bytes()),
            ("process_open_fds", "Files and sockets that are open", open_files()),
            ("process_threads", "Threads of the process", threads()),
        ];
        for (name, help, number) in numbers {
            if let Some(number) = number {
                let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
                ConstGauge::new(number).encode(metric)?;
            }
        }
        if let Some(time) = cpu_time() {
            let help = "Time that processors have spent on the process";
            let metric = encoder.encode_descriptor("process_cpu", help, Some(&Unit::Seconds), MetricType::Counter)?;
            ConstCounter::new(time.as_secs_f64()).encode(metric)?;
        }
        Ok(())
    }
}

fn cpu_time() -> Option<Duration> {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()
}

fn resident_bytes() -> Option<u64> {
    status_number("VmRSS:").map(|kilobytes| kilobytes.saturating_mul(1024))
}

fn threads() -> Option<u64> {
    status_number("Threads:")
}

fn status_number(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let rest = status.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

fn open_files() -> Option<u64> {
    u64::try_from(fs::read_dir("/proc/self/fd").ok()?.count()).ok()
}
