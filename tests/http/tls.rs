//! Encryption towards clients.

use crate::PROGRAM;
use annotation_statistics::DEMO_REQUEST;
use annotation_statistics_tests::{
    Authority, Certified, MetricsPage, Program, RawConnection, Serving, TestDatabase, TlsClient, wait_until,
};
use rustix::process::Signal;
use std::time::{SystemTime, UNIX_EPOCH};

/// A program in whose folder there is a certificate.
fn program_showing(database: &TestDatabase, certified: &Certified) -> Program {
    program_with("tls.reload_interval = '1h'\ntls.handshake_timeout = '1m'\n", database, certified)
}

fn program_with(waits: &str, database: &TestDatabase, certified: &Certified) -> Program {
    let settings = "server.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\nauth.enabled = false\n\
                    tls.certificate_file = 'service.crt'\ntls.private_key_file = 'service.key'\n\
                    server.keep_alive = '1m'\n";
    let program = Program::new(PROGRAM, &format!("database.url = {:?}\n{settings}{waits}", database.url()));
    show(&program, certified);
    program
}

fn show(program: &Program, certified: &Certified) {
    program.write("service.crt", &certified.certificate);
    program.write("service.key", &certified.private_key);
}

fn is_served(connection: &mut RawConnection) {
    let response = connection.fetch("GET", "/health/live", "");
    assert_eq!(response.status, 200, "{response:?}");
}

fn refusal(client: &TlsClient, serving: &Serving, host: &'static str) -> String {
    client.shake_hands(serving.address(), host, &[]).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn who_trusts_the_authority_is_served_and_told_so() {
    let (authority, database) = (Authority::new(), TestDatabase::new());
    let program = program_showing(&database, &authority.certify("localhost"));
    let serving = program.serve(&["serve", "--demo"]);
    assert!(serving.greeting.starts_with("Serving on https://127.0.0.1:"), "{}", serving.greeting);
    let client = TlsClient::trusting(&authority);
    let mut connection = client.connect(serving.address()).unwrap();
    let response = connection.fetch("GET", "/nowhere", "");
    assert_eq!(response.header("strict-transport-security"), Some("max-age=31536000"));
    let page = connection.fetch("GET", &format!("/?annotationRequestId={DEMO_REQUEST}"), "");
    assert!(page.text().contains("https://localhost/statistics?"), "the line to copy works: {}", page.text());
}

#[test]
fn a_client_that_offers_both_gets_http_2_and_one_that_offers_none_http_1() {
    let (authority, database) = (Authority::new(), TestDatabase::new());
    let serving = program_showing(&database, &authority.certify("localhost")).serve(&["serve", "--demo"]);
    let client = TlsClient::trusting(&authority);
    for (offers, chosen) in [(&["h2", "http/1.1"][..], Some("h2")), (&["http/1.1"], Some("http/1.1")), (&[], None)] {
        let stream = client.shake_hands(serving.address(), "localhost", offers).unwrap();
        assert_eq!(stream.conn.alpn_protocol(), chosen.map(str::as_bytes), "{offers:?}");
    }
}

#[test]
fn who_trusts_another_authority_or_expects_another_name_goes_away_and_plain_http_gets_no_answer() {
    let (authority, database) = (Authority::new(), TestDatabase::new());
    let serving = program_showing(&database, &authority.certify("localhost")).serve(&["serve", "--demo"]);
    let other = TlsClient::trusting(&Authority::new());
    assert!(refusal(&other, &serving, "localhost").starts_with("invalid peer certificate"));
    let client = TlsClient::trusting(&authority);
    assert!(refusal(&client, &serving, "elsewhere.test").contains("not valid for name"));
    let mut plain = serving.connect();
    plain.send_request("GET", "/health/live", "");
    assert!(!plain.everything().starts_with(b"HTTP"), "an alert of TLS at most");
    is_served(&mut client.connect(serving.address()).unwrap());
}

#[test]
fn who_connects_and_says_nothing_is_cut_off_after_the_handshake_timeout() {
    let (authority, database) = (Authority::new(), TestDatabase::new());
    let program = program_with("tls.handshake_timeout = '100ms'", &database, &authority.certify("localhost"));
    let serving = program.serve(&["serve", "--demo"]);
    assert!(serving.connect().is_closed());
}

#[test]
fn a_slow_head_and_a_reader_that_does_not_read_are_cut_off_as_without_encryption() {
    let (authority, database) = (Authority::new(), TestDatabase::new());
    let limits = "server.head_timeout = '1s'\nserver.write_timeout = '1s'\n";
    let serving = program_with(limits, &database, &authority.certify("localhost")).serve(&["serve"]);
    let client = TlsClient::trusting(&authority);
    let mut slow = client.connect(serving.address()).unwrap();
    is_served(&mut slow);
    wait_until("the head does not end", || !slow.can_send(b"G"));
    let mut reader = client.connect(serving.address()).unwrap();
    for _ in 0..16 {
        reader.send_request("GET", "/docs/swagger-ui-bundle.js", "");
    }
    wait_until("nobody takes the answers", || !reader.can_send(b"G"));
    is_served(&mut client.connect(serving.address()).unwrap());
}

#[test]
fn a_new_certificate_is_shown_after_a_hang_up_while_connections_go_on() {
    let (before, after, database) = (Authority::new(), Authority::new(), TestDatabase::new());
    let program = program_showing(&database, &before.certify("localhost"));
    let mut serving = program.serve(&["serve", "--demo"]);
    let mut old = TlsClient::trusting(&before).connect(serving.address()).unwrap();
    is_served(&mut old);
    show(&program, &after.certify("localhost"));
    serving.signal(Signal::HUP);
    serving.wait_for_log("the certificate was reloaded");
    is_served(&mut old);
    is_served(&mut TlsClient::trusting(&after).connect(serving.address()).unwrap());
    assert!(refusal(&TlsClient::trusting(&before), &serving, "localhost").starts_with("invalid peer certificate"));
}

#[test]
fn a_new_certificate_is_found_without_a_signal() {
    let (before, after, database) = (Authority::new(), Authority::new(), TestDatabase::new());
    let program = program_with("tls.reload_interval = '20ms'", &database, &before.certify("localhost"));
    let serving = program.serve(&["serve", "--demo"]);
    show(&program, &after.certify("localhost"));
    let client = TlsClient::trusting(&after);
    wait_until("the new certificate is shown", || client.connect(serving.address()).is_ok());
}

#[test]
fn a_certificate_that_cannot_be_shown_is_told_about_and_the_current_one_is_kept() {
    let (authority, database) = (Authority::new(), TestDatabase::new());
    let program = program_showing(&database, &authority.certify("localhost"));
    let mut serving = program.serve(&["serve", "--demo"]);
    program.write("service.key", authority.certify("localhost").private_key);
    serving.signal(Signal::HUP);
    serving.wait_for_log("the current certificate is kept");
    serving.wait_for_log("tls.certificate_file and tls.private_key_file cannot be used together");
    is_served(&mut TlsClient::trusting(&authority).connect(serving.address()).unwrap());
}

#[test]
fn a_certificate_that_has_expired_is_told_about_and_does_not_take_the_place_of_a_good_one() {
    let (authority, database) = (Authority::new(), TestDatabase::new());
    let program = program_showing(&database, &authority.certify("localhost"));
    let mut serving = program.serve(&["serve", "--demo"]);
    show(&program, &authority.certify_expired("localhost"));
    serving.signal(Signal::HUP);
    serving.wait_for_log("the current certificate is kept");
    serving.wait_for_log("service.crt is not good now: it is good from 2019-01-01T00:00:00Z to 2020-01-01T00:00:00Z");
    is_served(&mut TlsClient::trusting(&authority).connect(serving.address()).unwrap());
}

#[test]
fn a_certificate_that_had_expired_before_the_start_is_told_about_and_one_that_expires_soon_is_shown_instead() {
    let (authority, database) = (Authority::new(), TestDatabase::new());
    let program = program_showing(&database, &authority.certify_expired("localhost"));
    let mut serving = program.serve(&["serve", "--demo"]);
    serving.wait_for_log("clients refuse the certificate that is shown: it is good from 2019");
    show(&program, &authority.certify_for_an_hour("localhost"));
    serving.signal(Signal::HUP);
    serving.wait_for_log("the certificate was reloaded");
    serving.wait_for_log("the certificate that is shown expires soon: it is good from ");
    is_served(&mut TlsClient::trusting(&authority).connect(serving.address()).unwrap());
    let page = MetricsPage::of(&RawConnection::open(serving.admin_address()).fetch("GET", "/metrics", ""));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    let left = page.value("annotation_statistics_tls_certificate_not_after_seconds") - now;
    assert!((0.0..=3_600.0).contains(&left), "{left}");
}

#[test]
fn a_certificate_that_cannot_be_shown_at_start_is_an_error_of_the_settings() {
    let (authority, database) = (Authority::new(), TestDatabase::new());
    let program = program_showing(&database, &authority.certify("localhost"));
    let another_key = program.write("another.key", authority.certify("localhost").private_key);
    let no_pem = program.write("no.pem", "-----BEGIN NONSENSE-----\n");
    let certificate = "ANNOTATION_STATISTICS__TLS__CERTIFICATE_FILE";
    let private_key = "ANNOTATION_STATISTICS__TLS__PRIVATE_KEY_FILE";
    for (variable, value, said) in [
        (
            certificate,
            "",
            "the setting tls.certificate_file cannot be used: it is empty, and tls.private_key_file is not",
        ),
        (
            private_key,
            "",
            "the setting tls.private_key_file cannot be used: it is empty, and tls.certificate_file is not",
        ),
        (certificate, "missing.crt", "tls.certificate_file: missing.crt cannot be read: No such file"),
        (private_key, "missing.key", "tls.private_key_file: missing.key cannot be read: No such file"),
        (certificate, &no_pem, "no.pem holds no certificate in PEM form"),
        (private_key, &no_pem, "no.pem holds no private key in PEM form"),
        (private_key, "service.crt", "service.crt holds no private key in PEM form"),
        (private_key, &another_key, "cannot be used together: keys may not be consistent: KeyMismatch"),
    ] {
        let run = program.run_with(&["serve"], &[(variable, value)], b"");
        assert_eq!(run.code, Some(2), "{variable}={value}: {}", run.err);
        assert!(run.err.contains(said), "{variable}={value}: {}", run.err);
    }
}
