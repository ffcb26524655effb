//! The interface on a socket, over real ports that panic.

use super::panicking::Panicking;
use super::raw::RawConnection;
use crate::{Implementation, InMemoryKeys, KeyHolder, Signer, TestDatabase, access_key, key_secret};
use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use annotation_statistics_access::{AccessKey, KeyScopes};
use annotation_statistics_api::{AccessSettings, ApiSettings, ApiState, Ports, app};
use annotation_statistics_storage::{Database, PostgresStatisticsRecorder, PostgresStatisticsRepository};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The key that it accepts.
const KEY: &str = "ak-1";

/// A service of this process; it ends in good order with this value.
pub struct PanickingService {
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl PanickingService {
    /// One whose queries and recordings panic on sessions of this pool.
    pub fn on(database: &TestDatabase, pool: &Database) -> Self {
        Self::start(Ports {
            repository: Arc::new(Panicking(PostgresStatisticsRepository::new(pool.clone()))),
            recorder: Arc::new(Panicking(PostgresStatisticsRecorder::new(pool.clone()))),
            summaries: database.summaries(),
            exporter: database.exporter(),
            registry: Implementation::registry(database),
            finder: database.finder(),
            taxonomies: database.taxonomies(),
            statements: database.statements(),
        })
    }

    fn start(ports: Ports) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let keys = InMemoryKeys::empty();
        keys.add(AccessKey { scopes: KeyScopes::ReadAndWrite, ..access_key(KEY) });
        let state = ApiState::new(ports, ApiSettings::from_default_file().unwrap());
        let settings = AccessSettings {
            window: Duration::from_secs(300),
            accepts_v1: true,
            requests_per_key: None,
            requests_per_address: None,
        };
        let state = state.with_access_keys(keys.keys(), keys.nonces(), settings);
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || app(state.clone())).workers(2).disable_signals();
                let server = server.listen(listener).unwrap().run();
                sender.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { address, handle: receiver.recv().unwrap(), thread: Some(thread) }
    }

    /// A client that it accepts.
    pub fn signer() -> Signer {
        Signer::new(KEY, key_secret(KEY).reveal())
    }

    /// A connection to it.
    pub fn connect(&self) -> RawConnection {
        RawConnection::open(self.address)
    }
}

impl Drop for PanickingService {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(thread::panicking() || matches!(ended, Some(Ok(()))), "the service did not end in good order");
    }
}
