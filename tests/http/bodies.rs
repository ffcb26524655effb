//! Bodies of requests as they come over a socket: in pieces, slowly, too large, too many at once.

use annotation_statistics_tests::{Envelope, RawConnection, RunningService, TestDatabase, register, task};
use serde_json::json;

const ROWS: &str = "/annotation-requests/R/statistics";
const HICCUP: &str = "Service hiccuped, please try again later.";

/// Over the request `R`, with these settings.
async fn service_with(settings: &str) -> (TestDatabase, RunningService) {
    let database = TestDatabase::new();
    register(&database, "R", None).await;
    let service = RunningService::with(&database.url(), settings);
    (database, service)
}

/// A connection on which a body of unknown size has begun.
fn begun(service: &RunningService, start: &str) -> RawConnection {
    let mut connection = service.connect();
    connection.send_request("PUT", ROWS, "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n");
    connection.send(chunk(start).as_bytes());
    connection
}

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

#[tokio::test]
async fn a_body_of_unknown_size_comes_in_pieces() {
    let (_database, service) = service_with("").await;
    let row = json!([task("R", 7).statistics()]).to_string();
    let (start, end) = row.split_at(row.len() / 2);
    let mut connection = begun(&service, start);
    connection.send(format!("{}0\r\n\r\n", chunk(end)).as_bytes());
    let response = Envelope::of(&connection.response_to("PUT"));
    assert_eq!(response.data, json!({ "inserted": 1, "updated": 0, "unchanged": 0 }));
    assert_eq!(Envelope::of(&connection.fetch("GET", "/annotation-requests/R", "")).data["taskCount"], 1);
}

#[tokio::test]
async fn a_client_that_waits_to_be_told_to_send_is_told() {
    let (_database, service) = service_with("").await;
    let mut connection = service.connect();
    let headers = "Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n";
    connection.send_request("PUT", ROWS, headers);
    assert_eq!(connection.interim_status(), 100);
    connection.send(b"[]");
    assert_eq!(Envelope::of(&connection.response_to("PUT")).verdict(), (200, 2000, "Success"));
}

#[tokio::test]
async fn a_body_is_refused_as_soon_as_it_is_too_large() {
    let (_database, service) = service_with("api.max_body = 1000").await;
    let mut connection = begun(&service, &" ".repeat(1001));
    let response = Envelope::of(&connection.response_to("PUT"));
    assert_eq!(response.verdict(), (413, 413, "Payload Too Large"), "before the body ends");
    let announced = service.fetch("PUT", ROWS, "Content-Type: application/json\r\nContent-Length: 1001\r\n");
    assert_eq!(Envelope::of(&announced).verdict(), (413, 413, "Payload Too Large"), "before it begins");
}

#[tokio::test]
async fn a_body_that_stands_still_is_given_up() {
    let (_database, service) = service_with("server.body_timeout = '200ms'").await;
    let mut connection = begun(&service, "[");
    assert_eq!(Envelope::of(&connection.response_to("PUT")).verdict(), (408, 408, "Request Timeout"));
}

#[tokio::test]
async fn bodies_that_would_take_too_much_memory_together_are_refused() {
    // Fourteen of these fit.
    let limits = "api.max_body = 1000\napi.max_bodies = 17000\nserver.body_timeout = '3s'";
    let (_database, service) = service_with(limits).await;
    let mut all = [(); 15].map(|()| begun(&service, &format!("[{}", " ".repeat(600))));
    // All but one have the memory until their time is over, whichever came last.
    let mut responses = all.each_mut().map(|connection| connection.response_to("PUT"));
    responses.sort_by_key(|response| response.status);
    let [in_time @ .., refused] = &responses;
    for response in in_time {
        assert_eq!(Envelope::of(response).verdict(), (408, 408, "Request Timeout"));
    }
    assert_eq!(Envelope::of(refused).verdict(), (503, 5000, HICCUP));
    assert_eq!(refused.header("retry-after"), Some("1"));
    let after = service.fetch_json("PUT", ROWS, "", &format!("[{}]", " ".repeat(900)));
    assert_eq!(Envelope::of(&after).verdict(), (200, 2000, "Success"), "the memory is given back");
}
