//! `statement keys` and `retire`.

use super::{assert_refused, json, normalised, program_on, recorded, run};
use serde_json::{Value, json};

const PUBLISHED: &str = "\
key HEX16, first used TIME
-----BEGIN PUBLIC KEY-----
PUBLIC KEY
-----END PUBLIC KEY-----
";

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_published_with_its_first_statement_and_signs_nothing_once_it_is_retired() {
    let database = recorded().await;
    let program = program_on(&database);
    let none = program.run(&["statement", "keys"]);
    let hint = "nothing was signed yet; a key is published with the first statement that it signs\n";
    assert_eq!((none.code, none.out.as_str(), none.err.as_str()), (Some(0), "", hint));
    let made = json(&run(&program, &["create", "2026-11", "--json"]));
    let key_id = made["keyId"].as_str().unwrap();
    assert_eq!(normalised(&program.run(&["statement", "keys"]).out), PUBLISHED);

    let unconfirmed = program.run(&["statement", "retire", key_id]);
    assert_refused(&unconfirmed, 2, &format!("nothing was retired: no server signs with the key {key_id} any more"));
    let listed = json(&program.run(&["statement", "keys", "--json"]));
    assert_eq!((&listed["id"], &listed["retiredAt"]), (&json!(key_id), &Value::Null));

    let retired = json(&program.run(&["statement", "retire", key_id, "--yes", "--json"]));
    assert!(retired["retiredAt"].is_string() && retired["publicKey"] == listed["publicKey"], "{retired}");
    assert_eq!(json(&program.run(&["statement", "retire", key_id, "--yes", "--json"])), retired, "once and for all");
    let again = program.run(&["statement", "retire", key_id, "--yes"]);
    assert_eq!(
        again.out,
        format!("retired {key_id}: nothing is signed with it any more, and what it has signed stays true\n")
    );
    let refused = run(&program, &["create", "2026-12"]);
    assert_refused(&refused, 1, &format!("the signing key `{key_id}` is retired: make another one with `annotation-"));
    assert!(
        normalised(&program.run(&["statement", "keys"]).out).starts_with("key HEX16, first used TIME, retired TIME\n")
    );
    assert_eq!(run(&program, &["fetch", "2026-11"]).code, Some(0), "what it has signed stays true");

    let next = program.run(&["statement", "keygen", "--out", "next.pem"]);
    assert_eq!(next.code, Some(0), "{next:?}");
    std::fs::rename(program.path("next.pem"), program.path("signing-key.pem")).unwrap();
    assert_eq!(run(&program, &["create", "2026-12"]).code, Some(0));
    assert_eq!(program.run(&["statement", "keys", "--json"]).out.lines().count(), 2);
    for (key_id, code, reason) in [
        ("0123456789abcdef", 1, "no key `0123456789abcdef` is published; `annotation-statistics statement keys` lists"),
        ("0123456789ABCDEF", 2, "the key \"0123456789ABCDEF\" must be 16 hexadecimal digits in lower case"),
    ] {
        assert_refused(&program.run(&["statement", "retire", key_id, "--yes"]), code, reason);
    }
}
