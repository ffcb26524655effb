//! How much memory a test takes.

use std::fs;

/// How the most memory that this process had at any time grows; known on Linux only.
pub struct PeakMemory(Option<u64>);

impl PeakMemory {
    /// Counts from now on.
    pub fn start() -> Self {
        // Forgets the peak so far.
        let forgotten = fs::write("/proc/self/clear_refs", "5");
        Self(forgotten.ok().and_then(|()| Self::peak()))
    }

    /// By how many bytes it has grown since.
    pub fn grown(&self) -> Option<u64> {
        Some(Self::peak()?.saturating_sub(self.0?))
    }

    fn peak() -> Option<u64> {
        memory("self", "VmHWM:")
    }
}

/// Bytes of a process, as the system calls them: resident now (`VmRSS:`), or the most so far (`VmHWM:`).
pub(crate) fn memory(process: &str, what: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(what))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
