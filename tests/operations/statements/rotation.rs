//! The key to sign with is taken away, put back and replaced while the server runs.

use super::scene::{causes, database, file, make, program, statement, write_key};
use annotation_statistics_tests::Envelope;
use serde_json::json;
use std::fs;

#[tokio::test]
async fn without_its_key_a_server_makes_no_statement_and_serves_those_that_are_there() {
    let database = database();
    let program = program(&database.url());
    let serving = program.serve(&[]);
    let first = make(&serving, "2026-10");
    assert_eq!(first.status, 201, "{first:?}");
    let signed = file(&serving, "2026-10", "statement.json");
    let (key, away) = (program.path("signing-key.pem"), program.path("away.pem"));
    fs::rename(&key, &away).unwrap();
    let refused = make(&serving, "2026-11");
    assert_eq!((refused.status, refused.code), (503, 5000), "{refused:?}");
    assert!(!refused.message.contains("signing-key.pem"), "a client learns no path: {refused:?}");
    let causes = causes(&serving, &refused.request_id);
    assert!(causes.iter().any(|cause| cause.contains("signing-key.pem")), "{causes:?}: {}", serving.log());
    assert_eq!(file(&serving, "2026-10", "statement.json"), signed);
    let again = make(&serving, "2026-10");
    assert!((again.status, &again.data) == (200, &first.data) || again.status == 503, "{again:?}");
    assert_eq!(serving.connect().fetch("GET", &statement("2026-11"), "").status, 404, "there is none of that name");

    fs::rename(&away, &key).unwrap();
    let put_back = make(&serving, "2026-11");
    assert_eq!((put_back.status, &put_back.data["keyId"]), (201, &first.data["keyId"]), "{put_back:?}");

    fs::remove_file(&key).unwrap();
    write_key(&key);
    let replaced = make(&serving, "2026-12");
    assert_eq!((replaced.status, &replaced.data["number"]), (201, &json!(3)), "{replaced:?}");
    assert_ne!(replaced.data["keyId"], first.data["keyId"]);
    for key in [&first.data["keyId"], &replaced.data["keyId"]] {
        let target = format!("/statement-keys/{}.pem", key.as_str().unwrap());
        let published = serving.connect().fetch("GET", &target, "");
        assert_eq!(published.status, 200, "{}", published.text());
    }
    let all = Envelope::of(&serving.connect().fetch("GET", "/statement-keys", ""));
    assert_eq!(all.status, 200, "{all:?}");
    for key in [&first.data["keyId"], &replaced.data["keyId"]] {
        assert!(all.data.to_string().contains(key.as_str().unwrap()), "{all:?}");
    }
}
