//! The service as it is in production, on a socket of its own.

use super::envelope::Envelope;
use super::metrics_page::MetricsPage;
use super::raw::{RawConnection, RawResponse};
use crate::{TestDatabase, temp_folder, wait_until};
use annotation_statistics::{Application, Settings, SettingsFiles};
use std::fs;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// Limits that no test meets by being slow.
const ROOMY: &str = "
database.connect_timeout = '10s'
database.queue_wait = '60s'
writes.start_timeout = '60s'
database.deadline = '60s'
database.statement_timeout = '60s'
database.pool_size = 4
server.workers = 2
server.bind = '127.0.0.1:0'
server.drain_time = '1ms'
auth.enabled = false
admin.bind = '127.0.0.1:0'
admin.ready_shared = '1ms'
admin.ready_interval = '1h'
";

/// A service on a thread of its own, stopped in good order with this value.
pub struct RunningService {
    address: SocketAddr,
    admin_address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl RunningService {
    /// One that responses from this database.
    pub fn on(database: &TestDatabase) -> Self {
        Self::with(&database.url(), "")
    }

    /// One that responses from the database at `url`, with settings of its own in TOML.
    pub fn with(url: &str, settings: &str) -> Self {
        let settings = settings_of(url, settings);
        let (sender, receiver) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let application = Application::build(&settings).await.unwrap();
                sender.send((application.address(), application.admin_address())).unwrap();
                application.run_until_stopped(until(stopped)).await.unwrap();
            });
        });
        let (address, admin_address) = receiver.recv().unwrap();
        Self { address, admin_address, stop: Some(stop), thread: Some(thread) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A connection to it.
    pub fn connect(&self) -> RawConnection {
        RawConnection::open(self.address)
    }

    /// Where its admin listener is.
    pub fn admin_address(&self) -> SocketAddr {
        self.admin_address
    }

    /// The response of its admin listener to a plain GET.
    pub fn fetch_admin(&self, target: &str) -> RawResponse {
        RawConnection::open(self.admin_address).fetch("GET", target, "")
    }

    /// What it counts, as `/metrics` of its admin listener reports it.
    pub fn metrics(&self) -> MetricsPage {
        MetricsPage::of(&self.fetch_admin("/metrics"))
    }

    /// The response to a request with these headers, each with its line break, on a connection of its own.
    pub fn fetch(&self, method: &str, target: &str, headers: &str) -> RawResponse {
        self.connect().fetch(method, target, headers)
    }

    /// The response to a request with a JSON body and these headers.
    pub fn fetch_json(&self, method: &str, target: &str, headers: &str, body: &str) -> RawResponse {
        let headers = format!("Content-Type: application/json\r\n{headers}");
        self.connect().fetch_with(method, target, &headers, body)
    }

    /// The response to a plain GET.
    pub fn get(&self, target: &str) -> Envelope {
        Envelope::of(&self.fetch("GET", target, ""))
    }

    /// Polls `/health/ready` until it says so.
    pub fn wait_until_ready(&self) {
        let mut connection = self.connect();
        wait_until("ready", || connection.fetch("GET", "/health/ready", "").status == 200);
    }
}

impl Drop for RunningService {
    fn drop(&mut self) {
        self.stop.take();
        let ended = self.thread.take().map(JoinHandle::join);
        if !thread::panicking() {
            assert!(matches!(ended, Some(Ok(()))), "the service did not end in good order");
        }
    }
}

/// Waits, once, until the other end is dropped.
fn until(stopped: oneshot::Receiver<()>) -> impl AsyncFnMut() + 'static {
    let mut stopped = Some(stopped);
    async move || match stopped.take() {
        Some(stopped) => drop(stopped.await),
        None => std::future::pending().await,
    }
}

fn settings_of(url: &str, more: &str) -> Settings {
    let folder = temp_folder();
    let file = folder.path().join("settings.toml");
    fs::write(&file, format!("database.url = {url:?}\n{}", merged(more))).unwrap();
    let settings = Settings::load(&SettingsFiles { environment_name: None, file: Some(file) }).unwrap();
    let is_ours = settings.database.url.reveal() == Some(url);
    assert!(is_ours, "the environment sets ANNOTATION_STATISTICS__DATABASE__URL, and the tests would run there");
    settings
}

/// The roomy settings, but for those that are given.
fn merged(more: &str) -> String {
    let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
    let given: Vec<String> = more.lines().map(key).collect();
    let roomy = ROOMY.lines().filter(|line| !given.contains(&key(line)) || line.is_empty());
    roomy.chain(more.lines()).collect::<Vec<_>>().join("\n")
}
