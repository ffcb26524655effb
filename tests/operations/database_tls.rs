//! Encryption towards the database: who is talked to, and who is not.

use crate::PROGRAM;
use annotation_statistics::DEMO_REQUEST;
use annotation_statistics_tests::{Authority, Certified, EncryptedPostgres, Program, RunningService, temp_folder};
use std::fs;
use tempfile::TempDir;

/// libpq says no more of either.
const UNTRUSTED: &str = "the server's certificate has expired, or no trusted authority issued it";

/// A program that insists on a database which this authority vouches for.
fn insisting_on(authority: &Authority, url: &str) -> Program {
    let program = Program::new(PROGRAM, "");
    let authorities = program.write("authority.pem", authority.certificate());
    program.write("settings.toml", format!("database.url = {url:?}\n{}", insisting(&authorities)));
    program
}

fn insisting(authorities: &str) -> String {
    format!("database.tls = 'verify-full'\ndatabase.tls_authorities_file = {authorities:?}\n")
}

/// A service that insists on the same, and the folder where it looks for the authority.
fn service_insisting_on(authority: &Authority, url: &str, more: &str) -> (RunningService, TempDir) {
    let folder = temp_folder();
    let authorities = folder.path().join("authority.pem");
    fs::write(&authorities, authority.certificate()).unwrap();
    let settings = format!("{}{more}", insisting(authorities.to_str().unwrap()));
    (RunningService::with(url, &settings), folder)
}

#[test]
fn a_database_that_cannot_show_who_it_is_gets_no_session() {
    let (trusted, other) = (Authority::new(), Authority::new());
    let cases: [(&str, Option<Certified>, &str, &str); 4] = [
        ("another authority", Some(other.certify("localhost")), "localhost", UNTRUSTED),
        ("expired", Some(trusted.certify_expired("localhost")), "localhost", UNTRUSTED),
        (
            "another name",
            Some(trusted.certify("localhost")),
            "elsewhere.test",
            "the server's certificate is for another name",
        ),
        ("no encryption", None, "localhost", "the server does not encrypt"),
    ];
    for (reason, certified, host, said) in cases {
        let postgres = EncryptedPostgres::showing(certified.as_ref());
        for url in [postgres.url(host), format!("{}&sslmode=disable", postgres.url(host))] {
            let run = insisting_on(&trusted, &url).run(&["migrate"]);
            assert_eq!(run.code, Some(3), "{reason}: {}", run.err);
            assert!(run.err.contains(said), "{reason}: {}", run.err);
        }
    }
}

#[test]
fn whatever_the_program_does_with_the_database_is_encrypted() {
    let trusted = Authority::new();
    let postgres = EncryptedPostgres::showing(Some(&trusted.certify("localhost")));
    let url = postgres.url("localhost");
    let program = insisting_on(&trusted, &url);
    for arguments in [&["migrate"][..], &["demo"], &["verify"], &["keys", "list"]] {
        let run = program.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.err);
    }
    let (service, _folder) = service_insisting_on(&trusted, &url, "");
    service.wait_until_ready();
    let response = service.get(&format!("/statistics?annotationRequestId={DEMO_REQUEST}"));
    assert_eq!(response.status, 200, "{response:?}");
    let plain = "SELECT application_name FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) \
                 WHERE application_name LIKE 'annotation-statistics%' AND ssl = ";
    assert_eq!(postgres.query(&format!("{plain} false")), Vec::<String>::new());
    assert!(!postgres.query(&format!("{plain} true")).is_empty(), "the service has sessions there");
}

#[test]
fn a_service_whose_database_is_an_impostor_serves_nothing_and_says_so() {
    let (trusted, other) = (Authority::new(), Authority::new());
    let postgres = EncryptedPostgres::showing(Some(&other.certify("localhost")));
    let url = postgres.url("localhost");
    let bounded = "database.connect_timeout = '500ms'\ndatabase.queue_wait = '250ms'";
    let (service, _folder) = service_insisting_on(&trusted, &url, bounded);
    assert_eq!(service.fetch("GET", "/health/ready", "").status, 503);
    let response = service.get(&format!("/statistics?annotationRequestId={DEMO_REQUEST}"));
    assert_eq!(response.status, 503, "{response:?}");
    assert!(!response.message.contains("certificate"), "a client sees no internals: {response:?}");
}
