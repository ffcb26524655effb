//! Panics of handlers, and inside of transactions: each is an answer, and costs nothing that others need.

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use annotation_statistics_api::{ApiSettings, ApiState, Ports, app};
use annotation_statistics_storage::{Database, DatabaseLimits};
use annotation_statistics_storage::{PostgresStatisticsRecorder, PostgresStatisticsRepository};
use annotation_statistics_tests::{
    Envelope, Implementation, PANIC, Panicking, RawConnection, TestDatabase, record, register, roomy_limits, task,
    wait_until,
};
use serde_json::json;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

const HICCUP: &str = "Service hiccuped, please try again later.";
const ROWS: &str = "/annotation-requests/a/statistics";
const PANICS: usize = 60;

/// The interface on a socket, over ports that panic.
struct PanickingService {
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl PanickingService {
    fn start(ports: Ports) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = ApiState::new(ports, ApiSettings::default());
        let (tell, told) = mpsc::channel();
        let thread = thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || app(state.clone())).workers(2).disable_signals();
                let server = server.listen(listener).unwrap().run();
                tell.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { address, handle: told.recv().unwrap(), thread: Some(thread) }
    }
}

impl Drop for PanickingService {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        let ended = self.thread.take().map(JoinHandle::join);
        assert!(thread::panicking() || matches!(ended, Some(Ok(()))), "the service did not end in good order");
    }
}

#[tokio::test]
async fn panics_in_handlers_and_in_transactions_are_envelopes_and_leave_no_transaction_open() {
    let database = TestDatabase::new();
    register(&database, "a", None).await;
    record(&database, [task("a", 1)]).await;
    let limits = DatabaseLimits { pool_size: 4, ..roomy_limits() };
    let pool = Database::new(database.session_settings(), limits).unwrap();
    let service = PanickingService::start(Ports {
        repository: Arc::new(Panicking(PostgresStatisticsRepository::new(pool.clone()))),
        recorder: Arc::new(Panicking(PostgresStatisticsRecorder::new(pool.clone()))),
        summaries: database.summaries(),
        exporter: database.exporter(),
        registry: Implementation::registry(&database),
    });
    let rows = json!([task("a", 2).statistics()]).to_string();
    let mut connection = RawConnection::open(service.address);
    for number in 0..PANICS {
        let asked = connection.ask("GET", &format!("/statistics?annotationRequestId={PANIC}"), "");
        let recorded = connection.ask_with("PUT", ROWS, "Content-Type: application/json\r\n", &rows);
        for (answer, reason) in [(asked, "in a handler"), (recorded, "in a transaction")] {
            assert_eq!(Envelope::of(&answer).verdict(), (500, 5000, HICCUP), "{reason}, number {number}");
        }
    }
    let answer = Envelope::of(&connection.ask("GET", "/statistics?annotationRequestId=a", ""));
    assert_eq!(answer.task_ids(), [1], "nothing of the transactions is there");
    let open = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
    assert_eq!(database.query(open), [""; 0]);
    wait_until("the pool is full again", || {
        let status = pool.status();
        (status.sessions, status.idle_sessions, status.waiting) == (4, 4, 0)
    });
}
