//! The sockets that the service listens on, its own or inherited from a supervisor.

use super::access_keys::check_exposure;
use super::error::ApplicationError;
use crate::settings::Settings;
use listenfd::ListenFd;
use std::net::{SocketAddr, TcpListener};

/// The socket for clients and the one for the admin listener.
pub(super) struct Listeners {
    pub(super) public: TcpListener,
    pub(super) admin: TcpListener,
    /// Whether the socket for clients is inherited.
    pub(super) is_inherited: bool,
}

impl Listeners {
    /// Takes the sockets of the supervisor, the one for clients first; binds what is missing.
    pub(super) fn open(settings: &Settings) -> Result<Self, ApplicationError> {
        let mut inherited = ListenFd::from_env();
        let is_inherited = inherited.len() > 0;
        let mut open = |index: usize, address: SocketAddr, setting: &'static str| {
            if let Some(inherited) = inherited.take_tcp_listener(index)? {
                check_exposure(settings, inherited.local_addr()?)?;
                return Ok(inherited);
            }
            check_exposure(settings, address)?;
            TcpListener::bind(address).map_err(|source| ApplicationError::Bind { address, setting, source })
        };
        Ok(Self {
            public: open(0, settings.server.bind, "server.bind")?,
            admin: open(1, settings.admin.bind, "admin.bind")?,
            is_inherited,
        })
    }
}
