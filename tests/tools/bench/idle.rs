//! What the service and its database cost without any request, with access keys.

use crate::limits::Limits;
use crate::program::Program;
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// For how long nothing is sent.
const MINUTE: Duration = Duration::from_secs(60);

/// The most that both together may take of one processor, as a percentage.
const MOST_PERCENT: f64 = 0.5;

/// Starts a service with keys, leaves it and the database alone for a minute, and prints the processor time of both.
pub(crate) fn measure(program: &Program, cluster: &Path, limits: &mut Limits) {
    program.add_key("idle", "secret-of-the-benchmark");
    let service = program.serve_with_keys();
    // What starting costs is not idle cost.
    std::thread::sleep(MINUTE / 6);
    let before = ticks(service.process(), cluster);
    std::thread::sleep(MINUTE);
    let after = ticks(service.process(), cluster);
    let spent: u64 = after.iter().map(|(process, ticks)| ticks - before.get(process).copied().unwrap_or(0)).sum();
    let per_second = u32::try_from(rustix::param::clock_ticks_per_second()).unwrap();
    let seconds = f64::from(u32::try_from(spent).unwrap()) / f64::from(per_second);
    let percent = 100.0 * seconds / MINUTE.as_secs_f64();
    println!("\nidle for a minute, with access keys: {percent:.2} % of a processor (at most {MOST_PERCENT} %)");
    limits.at_most("idle service and database, % of a processor", percent, MOST_PERCENT);
}

/// The processor time so far of the service and of all processes of the database, in clock ticks.
fn ticks(service: u32, cluster: &Path) -> HashMap<u32, u64> {
    let postmaster = fs::read_to_string(cluster.join("cluster/postmaster.pid")).unwrap();
    let postmaster: u32 = postmaster.lines().next().unwrap().parse().unwrap();
    let processes = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let of_both = processes.filter_map(|process: u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The name before it may hold anything, parentheses too.
        let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
        let parent: u32 = fields.get(1)?.parse().ok()?;
        // Its own, by it and by the system; the third and fourth are those of children that have ended.
        let used = &fields[11..if process == postmaster { 15 } else { 13 }];
        let used = used.iter().filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        ([process, parent].contains(&postmaster) || process == service).then_some((process, used))
    });
    of_both.collect()
}
