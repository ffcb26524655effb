//! What a serving program writes to its log, and what it never writes anywhere.

use crate::PROGRAM;
use annotation_statistics_tests::{
    Implementation, KeyDatabase, Program, RawConnection, Serving, TestDatabase, record, task, wait_until,
};
use rustix::process::Signal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

mod causes;
mod packing;

const SETTINGS: &str =
    "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\nserver.drain_time = '1ms'\ndatabase.connect_timeout = '300ms'
database.deadline = '60s'\ndatabase.queue_wait = '60s'\ndatabase.statement_timeout = '60s'";
const QUERY: &str = "/statistics?annotationRequestId=";

/// What must never be told, where it is planted.
const PASSWORD: &str = "canary-database-password";
const HEADERS: &str = "X-STARDUST-KEY: canary-key\r\nX-SIGN: canary-sign\r\nX-NONCE: canary-nonce\r\n\
    Authorization: Bearer canary-token\r\nCookie: session=canary-cookie\r\n";

/// The database with a password in its URL, whether or not the server wants one.
fn url_with_a_password(database: &TestDatabase) -> String {
    let url = database.url();
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}password={PASSWORD}")
}

fn program(database: &TestDatabase, more: &str) -> Program {
    Program::new(PROGRAM, &format!("{SETTINGS}\ndatabase.url = {:?}\n{more}", url_with_a_password(database)))
}

/// What libpq itself prints where a session is ended in the moment in which it is opened: nobody can be asked to do it
/// elsewhere before a session is open.
const OF_LIBPQ: &str = "FATAL:  terminating connection due to administrator command";

/// The lines of the log, read as JSON.
fn lines(serving: &Serving) -> Vec<Value> {
    let log = serving.log();
    let ours = log.lines().filter(|line| !line.is_empty() && *line != OF_LIBPQ);
    ours.map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn admin_of(serving: &Serving) -> RawConnection {
    let reported = lines(serving).iter().find_map(|line| Some(line.get("admin_address")?.as_str()?.to_owned()));
    RawConnection::open(reported.unwrap().parse().unwrap())
}

#[tokio::test]
async fn each_request_is_one_line_of_json_whose_fields_have_their_units() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let program = program(&database, "server.trusted_proxies = ['127.0.0.1']");
    let mut serving = program.serve(&[]);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent =
        format!("traceparent: 00-{trace}-00f067aa0ba902b7-01\r\nX-Forwarded-For: 198.51.100.3, 203.0.113.7\r\n");
    let response = serving.connect().fetch("GET", &format!("{QUERY}a"), &parent);
    assert_eq!((response.status, response.header("x-request-id")), (200, Some(trace)));
    assert_eq!(serving.connect().fetch("GET", "/nowhere", "").status, 404);
    assert_eq!(serving.stop(Signal::TERM), Some(0));

    let of_requests: Vec<Value> = lines(&serving).into_iter().filter(|line| line["target"] == "request").collect();
    let [found, missing] = of_requests.as_slice() else { panic!("{of_requests:#?}") };
    assert_eq!((&found["level"], &found["message"]), (&"INFO".into(), &"answered".into()));
    assert_eq!((&found["method"], &found["route"]), (&"GET".into(), &"/statistics".into()));
    assert_eq!((&found["client"], &missing["client"]), (&"203.0.113.7".into(), &"127.0.0.1".into()));
    assert_eq!((&found["status"], &found["bytes"]), (&200.into(), &response.body.len().into()));
    assert_eq!((&found["span"]["request_id"], &found["parent_span_id"]), (&trace.into(), &"00f067aa0ba902b7".into()));
    let [took, spent] = ["duration_ms", "database_ms"].map(|name| found[name].as_f64().unwrap());
    assert!(0.0 < spent && spent < took, "{found}");
    let timing = response.header("server-timing").unwrap();
    assert_eq!(timing, format!("db;dur={spent}, total;dur={took}"));
    assert_eq!((&missing["route"], &missing["status"]), (&"unmatched".into(), &404.into()));
    assert_eq!(missing.get("parent_span_id"), None);
}

#[test]
fn what_is_no_http_is_no_error_of_the_service() {
    let database = TestDatabase::new();
    let program = program(&database, "");
    let mut serving = program.serve(&[]);
    for nonsense in [
        "NONSENSE\r\n\r\n",
        "GET / HTTP/2.7\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    ] {
        let mut connection = serving.connect();
        connection.send(nonsense.as_bytes());
        assert_eq!((connection.response_to("GET").status, connection.is_closed()), (400, true), "{nonsense}");
    }
    assert_eq!(serving.stop(Signal::TERM), Some(0));
    let errors: Vec<Value> = lines(&serving).into_iter().filter(|line| line["level"] == "ERROR").collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn lines_for_people_have_the_request_id_too() {
    let database = TestDatabase::new();
    let program = program(&database, "log.format = 'pretty'");
    let mut serving = program.serve(&[]);
    let id = serving.connect().fetch("GET", "/health/live", "").header("x-request-id").unwrap().to_owned();
    assert_eq!(serving.stop(Signal::TERM), Some(0));
    let log = serving.log();
    let line = log.lines().find(|line| line.contains("answered")).unwrap();
    assert!(line.contains(&id) && line.contains("route=\"/health/live\" status=200"), "{line}");
}

#[tokio::test]
async fn a_flood_of_faults_is_told_at_two_lines_a_second_and_the_rest_is_counted() {
    let database = TestDatabase::new();
    let program = program(&database, "");
    let mut serving = program.serve(&[]);
    database.cut_off();
    let mut connection = serving.connect();
    let errors = 15;
    for _ in 0..errors {
        assert_eq!(connection.fetch("GET", &format!("{QUERY}a"), "").status, 503);
    }
    serving.wait_for_log("held_back");
    assert_eq!(serving.stop(Signal::TERM), Some(0));

    let lines = lines(&serving);
    let answered = lines.iter().filter(|line| line["target"] == "request" && line["status"] == 503).count();
    assert_eq!(answered, errors, "the line of a request is never held back");
    let mut by_second: BTreeMap<String, usize> = BTreeMap::new();
    let diagnostics: Vec<_> = lines.iter().filter(|line| line["level"] == "WARN" || line["level"] == "ERROR").collect();
    for line in &diagnostics {
        let second = line["timestamp"].as_str().unwrap().split('.').next().unwrap();
        *by_second.entry(second.to_owned()).or_default() += 1;
    }
    // Two in any second are at most three by the clock's seconds, of which one is at their border.
    assert!(by_second.values().all(|number| *number <= 3), "{by_second:?}");
    // Either the pool says so, or the request that waited for it.
    let why = |line: &Value| line.to_string().contains("no session could be opened");
    assert!(diagnostics.iter().any(|line| why(line)), "{diagnostics:#?}");
    let notices = diagnostics.iter().filter(|line| line["target"] == "held_back");
    let held_back: u64 = notices.clone().map(|line| line["lines"].as_u64().unwrap()).sum();
    let reported = diagnostics.len() - notices.count();
    // Each refusal is one line, and the pool says why beside them.
    assert!(held_back >= u64::try_from(errors.saturating_sub(reported)).unwrap(), "{held_back} {reported}");
}

#[tokio::test]
async fn refused_strangers_are_told_at_ten_lines_a_second_and_the_rest_is_counted() {
    let database = TestDatabase::new();
    let keys = format!("auth.enabled = true\nauth.master_key = '{}'", KeyDatabase::MASTER_KEY);
    let settings = SETTINGS.replace("auth.enabled = false", &keys);
    let program = Program::new(PROGRAM, &format!("{settings}\ndatabase.url = {:?}", database.url()));
    let mut serving = program.serve(&[]);
    let mut connection = serving.connect();
    let strangers = 100;
    for _ in 0..strangers / 2 {
        assert_eq!(connection.fetch("GET", &format!("{QUERY}a"), "").status, 401);
        assert_eq!(connection.fetch("GET", "/nowhere", "").status, 404);
    }
    assert_eq!(connection.fetch("GET", "/health/live", "").status, 200);
    let of = |target: &str| lines(&serving).into_iter().filter(|line| line["target"] == target).collect::<Vec<_>>();
    let held_back = || of("held_back").iter().map(|line| line["lines"].as_u64().unwrap()).sum::<u64>();
    wait_until("each is told or counted", || {
        held_back() + u64::try_from(of("request::stranger").len()).unwrap() == strangers
    });
    assert!(held_back() > strangers / 2, "they came in less than five seconds: {}", serving.log());
    let reported = of("request");
    assert_eq!(reported.len(), 1, "what is no refusal is never held back: {reported:#?}");
    assert_eq!(serving.stop(Signal::TERM), Some(0));
}

/// Asks whatever tells the most: answers, refusals, faults, panics of nothing; returns every byte that came back.
fn provoke(serving: &Serving, database: &TestDatabase) -> String {
    let mut heard = String::new();
    let mut fetch = |method: &str, target: &str| {
        let response = serving.connect().fetch(method, target, HEADERS);
        writeln!(heard, "{:?} {}", response.headers, String::from_utf8_lossy(&response.body)).unwrap();
    };
    let all = |fetch: &mut dyn FnMut(&str, &str)| {
        for target in ["a", "canary-id", "", "a&limit=canary-limit", "%zz", "canary-%FF"] {
            fetch("GET", &format!("{QUERY}{target}"));
        }
        for (method, target) in [("GET", "/canary-path"), ("POST", "/statistics?x=canary-id"), ("GET", "/health/ready")]
        {
            fetch(method, target);
        }
    };
    all(&mut fetch);
    database.cut_off();
    all(&mut fetch);
    database.reconnect();
    wait_until("ready", || serving.connect().fetch("GET", "/health/ready", "").status == 200);
    let metrics = admin_of(serving).fetch("GET", "/metrics", HEADERS);
    heard + metrics.text()
}

#[tokio::test]
async fn nothing_secret_is_told_at_any_level_to_anybody() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let program = program(&database, "log.filter = 'trace'\nlog.max_diagnostics_per_second = 1000000");
    let mut serving = program.serve(&[]);
    let heard = provoke(&serving, &database);
    assert_eq!(serving.stop(Signal::TERM), Some(0));
    let log = serving.log();
    assert!(log.contains("canary-id"), "the net has no holes: at this level an unknown request is named");
    for secret in [PASSWORD, "canary-key", "canary-sign", "canary-nonce", "canary-token", "canary-cookie"] {
        for (place, text) in [("the log", &log), ("an answer", &heard), ("the greeting", &serving.greeting)] {
            let found = text.lines().find(|line| line.contains(secret));
            assert_eq!(found, None, "{secret} is in {place}");
        }
    }
    let url = format!("host=canary-host user=canary-user password={PASSWORD} connect_timeout=2");
    let wrong = program.run_with(&["migrate"], &[("ANNOTATION_STATISTICS__DATABASE__URL", &url)], b"");
    assert_eq!(wrong.code, Some(3), "{wrong:?}");
    for secret in ["canary", PASSWORD] {
        assert!(!format!("{wrong:?}").contains(secret), "{wrong:?}");
    }
}

#[tokio::test]
async fn nothing_that_a_client_wrote_is_logged_as_long_as_nobody_asks_for_more() {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let program = program(&database, "log.max_diagnostics_per_second = 1000000");
    let mut serving = program.serve(&[]);
    provoke(&serving, &database);
    assert_eq!(serving.stop(Signal::TERM), Some(0));
    assert!(serving.log().contains("the statistics cannot be reached"), "faults were told");
    let found = serving.log().lines().filter(|line| line.contains("canary")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(found, [""; 0]);
}
