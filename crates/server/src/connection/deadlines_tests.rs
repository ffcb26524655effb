use super::*;
use std::time::Duration;
use tokio::time::advance;

const SECOND: Duration = Duration::from_secs(1);
const LIMITS: ConnectionLimits = ConnectionLimits {
    head: SECOND.saturating_mul(5),
    idle: SECOND.saturating_mul(35),
    response: SECOND.saturating_mul(8),
};

/// Seconds until the deadline of the client.
fn time_left(connection: &ConnectionDeadlines) -> Option<u64> {
    connection.deadline().map(|deadline| deadline.duration_since(Instant::now()).as_secs())
}

fn connection(http_version: HttpVersion) -> ConnectionDeadlines {
    ConnectionDeadlines::new(LIMITS, http_version)
}

#[tokio::test(start_paused = true)]
async fn the_first_byte_of_a_head_decides_by_when_its_last_must_have_come() {
    let connection = connection(HttpVersion::Http1);
    assert_eq!((time_left(&connection), connection.is_idle()), (Some(35), true));
    advance(SECOND).await;
    connection.received();
    advance(SECOND).await;
    connection.received();
    assert_eq!((time_left(&connection), connection.is_idle()), (Some(4), false));
    connection.begin();
    assert_eq!(time_left(&connection), None);
}

#[tokio::test(start_paused = true)]
async fn frames_between_requests_begin_no_head_and_keep_no_connection_open() {
    let connection = connection(HttpVersion::Http2);
    advance(SECOND).await;
    connection.received();
    assert_eq!((time_left(&connection), connection.is_idle()), (Some(34), true));
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_idle_when_the_response_to_its_last_request_is_sent() {
    let connection = connection(HttpVersion::Http2);
    let (first, second) = (connection.begin(), connection.begin());
    connection.end(first);
    advance(SECOND).await;
    assert_eq!((time_left(&connection), connection.is_idle()), (None, false));
    connection.end(second);
    assert_eq!((time_left(&connection), connection.is_idle()), (Some(35), true));
}

#[tokio::test(start_paused = true)]
async fn bytes_that_come_during_a_request_begin_no_head() {
    let connection = connection(HttpVersion::Http1);
    let request = connection.begin();
    connection.received();
    connection.end(request);
    assert_eq!((time_left(&connection), connection.is_idle()), (Some(35), true));
}

#[tokio::test(start_paused = true)]
async fn a_client_must_make_room_for_all_that_is_ready_and_a_little_of_it_buys_no_time() {
    let connection = connection(HttpVersion::Http1);
    connection.begin();
    connection.blocked();
    advance(SECOND).await;
    connection.blocked();
    assert_eq!((time_left(&connection), connection.is_blocked()), (Some(7), true));
    connection.flushed();
    assert_eq!((time_left(&connection), connection.is_blocked()), (None, false));
}

#[tokio::test(start_paused = true)]
async fn of_many_responses_the_one_that_waits_for_longest_counts() {
    let connection = connection(HttpVersion::Http2);
    let (first, second) = (connection.begin(), connection.begin());
    connection.piece(first);
    advance(SECOND).await;
    connection.piece(second);
    advance(SECOND).await;
    assert_eq!(time_left(&connection), Some(6));
    connection.next_piece(first);
    assert_eq!(time_left(&connection), Some(7));
    connection.end(second);
    assert_eq!(time_left(&connection), None);
}
