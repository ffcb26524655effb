//! Hosts that accept connections and then give no response, which are passed over for a time (ADR 72).

use crate::{ConnectionSettings, DatabaseError};
use diesel::pg::PgConnection;
use std::collections::BTreeMap;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The port of a host that names none.
const PORT: &str = "5432";

/// The silent ones among the hosts of a URL.
#[derive(Debug)]
pub(super) struct SilentHosts {
    /// For how long one is passed over.
    pause: Duration,
    /// Each as the URL has it, and until when it is passed over.
    until: Mutex<BTreeMap<String, Instant>>,
}

impl SilentHosts {
    pub(super) fn new(pause: Duration) -> Self {
        Self { pause, until: Mutex::default() }
    }

    /// Opens a connection whose socket has this mark, to the hosts that are not passed over; `slow_host` is one that has
    /// accepted it and did not respond for a while.
    pub(super) fn connect(
        &self,
        settings: &ConnectionSettings,
        mark: u32,
        slow_host: impl FnOnce() -> Option<SocketAddr>,
    ) -> Result<PgConnection, DatabaseError> {
        let began = Instant::now();
        let others = self.url_without(&settings.url, began);
        let passes_over = others.is_some();
        let url = others.unwrap_or_else(|| settings.url.clone());
        let used = ConnectionSettings { url, ..settings.clone() };
        let connected = used.connect(&used.conninfo(mark));
        // Had it responded, so much time would not have passed.
        if let Some(host) = slow_host().filter(|_| began.elapsed() >= used.longest_for_one_host()) {
            self.note(&settings.url, host, Instant::now());
        } else if passes_over && connected.is_err() {
            self.forget();
        }
        connected
    }

    /// The URL without those that are passed over now; `None` where it is to be used as it is: none is, or all are.
    fn url_without(&self, url: &str, now: Instant) -> Option<String> {
        let mut until = self.until();
        until.retain(|_, until| now < *until);
        let list = HostList::of(url).filter(|_| !until.is_empty())?;
        let others: Vec<&str> = list.hosts.iter().copied().filter(|host| !until.contains_key(*host)).collect();
        let is_some_silent = !others.is_empty() && others.len() < list.hosts.len();
        is_some_silent.then(|| [list.before, &others.join(","), list.after].concat())
    }

    /// The host with this address gave no response: of several it is passed over from now on.
    fn note(&self, url: &str, address: SocketAddr, now: Instant) {
        let Some(list) = HostList::of(url).filter(|list| list.hosts.len() > 1) else { return };
        // Names are looked up, as libpq does.
        let silent = list.hosts.iter().filter(|host| addresses_of(host).any(|found| found == address));
        for host in silent {
            tracing::warn!(%address, pause = ?self.pause, "a host of the database accepts connections and is silent: it is passed over");
            self.until().insert((*host).to_owned(), now + self.pause);
        }
    }

    /// The others do not serve: all are tried again.
    fn forget(&self) {
        self.until().clear();
    }

    fn until(&self) -> MutexGuard<'_, BTreeMap<String, Instant>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The hosts of a URI, and what is around them. The form with keys and values is none, nor is a URI with hosts or ports
/// among its parameters, which belong together.
struct HostList<'a> {
    before: &'a str,
    hosts: Vec<&'a str>,
    after: &'a str,
}

impl<'a> HostList<'a> {
    fn of(url: &'a str) -> Option<Self> {
        let scheme = ["postgres://", "postgresql://"].into_iter().find(|scheme| url.starts_with(scheme))?;
        let rest = url.get(scheme.len()..)?;
        let end = scheme.len() + rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, after) = (url.get(..end)?, url.get(end..)?);
        if ["host=", "hostaddr=", "port="].iter().any(|parameter| after.contains(parameter)) {
            return None;
        }
        let start = authority.rfind('@').map_or(scheme.len(), |at| at + 1);
        Some(Self { before: url.get(..start)?, hosts: authority.get(start..)?.split(',').collect(), after })
    }
}

fn addresses_of(host: &str) -> impl Iterator<Item = SocketAddr> {
    let name_end = host.rfind(']').unwrap_or_default();
    let has_port = host.get(name_end..).is_some_and(|rest| rest.contains(':'));
    let with_port = if has_port { host.to_owned() } else { format!("{host}:{PORT}") };
    with_port.to_socket_addrs().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(30);

    #[test]
    fn a_silent_host_is_passed_over_for_a_time_unless_there_is_no_other() {
        let start = Instant::now();
        for (url, silent, without) in [
            (
                "postgres://u:p@127.0.0.1,127.0.0.2:7/d?a=b",
                &["127.0.0.1:5432"][..],
                Some("postgres://u:p@127.0.0.2:7/d?a=b"),
            ),
            ("postgresql://127.0.0.1,127.0.0.2:7", &["127.0.0.2:7"], Some("postgresql://127.0.0.1")),
            ("postgres://u@[::1]:7,[::1],127.0.0.1/d", &["[::1]:5432"], Some("postgres://u@[::1]:7,127.0.0.1/d")),
            ("postgres://127.0.0.1,127.0.0.2/d", &["127.0.0.1:5432", "127.0.0.2:5432"], None),
            ("postgres://127.0.0.1,127.0.0.2/d", &["127.0.0.1:7"], None),
            ("postgres://127.0.0.1/d", &["127.0.0.1:5432"], None),
            ("host=127.0.0.1,127.0.0.2", &["127.0.0.1:5432"], None),
            ("postgres://127.0.0.1,127.0.0.2/d?port=5432,7", &["127.0.0.1:5432"], None),
        ] {
            let hosts = SilentHosts::new(PAUSE);
            let note_all = || {
                for address in silent {
                    hosts.note(url, address.parse().unwrap(), start);
                }
            };
            note_all();
            assert_eq!(hosts.url_without(url, start).as_deref(), without, "{url} {silent:?}");
            assert_eq!(hosts.url_without(url, start + PAUSE), None, "{url}: not for ever");
            note_all();
            hosts.forget();
            assert_eq!(hosts.url_without(url, start), None, "{url}: forgotten");
        }
    }
}
