//! The limit of open files, and how many connections it allows.

use crate::settings::ServerSettings;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::thread::available_parallelism;

/// Open files besides connections of clients: those to the database, listening sockets, files, pipes.
const RESERVED: u64 = 256;

/// The most that macOS accepts, although its limit says `unlimited`.
const OPEN_MAX: u64 = 10_240;

/// Raises the limit of open files to what the connections need, as far as the system allows. Returns how many
/// connections a worker may have.
pub(super) fn connections_per_worker(settings: &ServerSettings) -> usize {
    let wanted = settings.max_connections_per_worker.get();
    let workers = match settings.workers {
        0 => available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        workers => workers,
    };
    let all = wanted.saturating_mul(workers);
    let needed = u64::try_from(all).unwrap_or(u64::MAX).saturating_add(RESERVED);
    let allowed = raise_to(needed);
    let fitting = fitting(allowed, workers).min(wanted);
    if fitting < wanted {
        tracing::warn!(
            open_files = allowed,
            needed,
            connections_per_worker = fitting,
            "the system allows too few open files for server.max_connections_per_worker: raise its limit (LimitNOFILE of \
             systemd, ulimit -Hn) or lower the setting"
        );
    }
    fitting
}

/// How many connections each worker may have with this limit of open files.
fn fitting(allowed: u64, workers: usize) -> usize {
    let all = usize::try_from(allowed.saturating_sub(RESERVED)).unwrap_or(usize::MAX);
    all.checked_div(workers).unwrap_or(all).max(1)
}

/// Raises the limit of open files to what is needed, or to the most that the system allows. Returns the new limit.
fn raise_to(needed: u64) -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let Some(now) = current.filter(|now| *now < needed) else { return needed };
    let most = maximum.unwrap_or(needed).min(needed);
    let attempts = [most, most.min(OPEN_MAX).max(now)];
    let is_set = |limit: &u64| setrlimit(Resource::Nofile, Rlimit { current: Some(*limit), maximum }).is_ok();
    attempts.into_iter().find(is_set).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_allows_is_shared_by_the_workers_and_none_gets_nothing() {
        for (allowed, workers, expected) in
            [(20_256, 2, 10_000), (1_024, 1, 768), (1_024, 4, 192), (256, 2, 1), (0, 1, 1)]
        {
            assert_eq!(fitting(allowed, workers), expected, "{allowed} files, {workers} workers");
        }
    }
}
