//! `annotation-statistics health`: the health check of a supervisor on this machine.

use super::failure::Failure;
use crate::settings::Settings;
use crate::terminal::print;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// The longest wait for the response; `/ready` itself waits for the database.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Requests the health of the running service from its admin listener.
pub(super) fn health(settings: &Settings, ready: bool) -> Result<(), Failure> {
    let path = if ready { "ready" } else { "live" };
    let url = format!("http://{}/{path}", reachable(settings.admin.bind));
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).build().into();
    match agent.get(&url).call() {
        Ok(_) => {
            print(path);
            Ok(())
        }
        Err(error) => Err(Failure::Unavailable(format!("the service is not {path}: {error} ({url}, admin.bind)"))),
    }
}

/// The address to connect to, for one that is listened on: loopback for all interfaces.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_interfaces_are_reached_by_loopback() {
        for (bound, connected) in [
            ("0.0.0.0:8081", "127.0.0.1:8081"),
            ("[::]:8081", "[::1]:8081"),
            ("127.0.0.1:9", "127.0.0.1:9"),
            ("10.1.2.3:8081", "10.1.2.3:8081"),
        ] {
            assert_eq!(reachable(bound.parse().unwrap()).to_string(), connected);
        }
    }
}
