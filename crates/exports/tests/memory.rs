//! What a workbook takes of memory, in a process of its own, as other tests would raise its peak.

#[cfg(test)]
#[expect(dead_code, reason = "the other test program uses all of it")]
mod sample;

#[cfg(test)]
mod tests {
    use crate::sample::{clock, summary, task};
    use annotation_statistics_exports::{ExportFormat, ExportOptions};
    use std::fs;
    use std::io::sink;

    const KIB_A_TASK: u64 = 1;

    /// The most memory that this process had resident so far, in KiB; known on Linux only.
    fn peak() -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// By how many KiB the peak grows while a workbook with so many tasks is written.
    fn grown(tasks: i64) -> Option<u64> {
        let tasks: Vec<_> = (0..tasks)
            .map(|id| task("a", id, &[("bus", id + 1), ("car", id + 2), ("color", 3), ("van", 4)], 2))
            .collect();
        let sums = summary(&tasks);
        let _ = fs::write("/proc/self/clear_refs", "5");
        let before = peak();
        let mut target = ExportOptions::of(ExportFormat::Xlsx).target(clock, sink());
        target.begin(&sums).unwrap();
        for task in &tasks {
            target.take(task).unwrap();
        }
        target.finish().unwrap();
        Some(peak()?.saturating_sub(before?))
    }

    #[test]
    fn a_workbook_takes_the_same_memory_whatever_its_size() {
        // What is loaded once is loaded.
        grown(10);
        let Some((few, many)) = grown(1_000).zip(grown(11_000)) else { return };
        // Ten thousand tasks more have 590,000 cells more.
        assert!(many < few + 10_000 * KIB_A_TASK, "{few} KiB with few tasks, {many} KiB with many");
    }
}
