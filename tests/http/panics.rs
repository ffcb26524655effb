//! Panics of handlers, and inside of transactions: each is a response, and costs nothing that others need.

use annotation_statistics_storage::{Database, DatabaseLimits};
use annotation_statistics_tests::{
    Envelope, PANIC, PanickingService, TestDatabase, record, register, roomy_limits, task, wait_until,
};
use serde_json::json;

const HICCUP: &str = "Service hiccuped, please try again later.";
const ROWS: &str = "/annotation-requests/a/statistics";
const PANICS: usize = 60;

#[tokio::test]
async fn panics_in_handlers_and_in_transactions_are_envelopes_and_leave_no_transaction_open() {
    let database = TestDatabase::new();
    register(&database, "a", None).await;
    record(&database, [task("a", 1)]).await;
    let limits = DatabaseLimits { pool_size: 4, ..roomy_limits() };
    let pool = Database::new(database.session_settings(), limits).unwrap();
    let service = PanickingService::on(&database, &pool);
    let rows = json!([task("a", 2).statistics()]).to_string();
    let (mut connection, signer) = (service.connect(), PanickingService::signer());
    for number in 0..PANICS {
        let requested = connection.fetch("GET", &format!("/statistics?annotationRequestId={PANIC}"), &signer.v1());
        let headers = format!("Content-Type: application/json\r\n{}", signer.v2("PUT", ROWS, &rows));
        let recorded = connection.fetch_with("PUT", ROWS, &headers, &rows);
        for (response, reason) in [(requested, "in a handler"), (recorded, "in a transaction")] {
            assert_eq!(Envelope::of(&response).verdict(), (500, 5000, HICCUP), "{reason}, number {number}");
        }
    }
    let response = Envelope::of(&connection.fetch("GET", "/statistics?annotationRequestId=a", &signer.v1()));
    assert_eq!(response.task_ids(), [1], "nothing of the transactions is there");
    assert_eq!(database.open_transactions(), 0);
    wait_until("the pool is full again", || {
        let status = pool.status();
        (status.connections, status.idle_connections, status.waiting) == (4, 4, 0)
    });
}
