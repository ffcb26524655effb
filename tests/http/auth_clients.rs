//! The clients of the document about access keys, run as it says against the running service.

use annotation_statistics::remark;
use annotation_statistics_tests::{KeyDatabase, KeyHolder, RunningService, access_key, record, task};
use std::path::Path;
use std::process::Command;

/// The client in Rust, compiled with the tests.
const RUST: &str = env!("CARGO_BIN_EXE_auth-client");

/// Each client: its name, the program, its arguments, and what else it needs.
const CLIENTS: [(&str, &str, &[&str], &[&str]); 3] = [
    ("Rust", RUST, &[], &[]),
    ("Python", "python3", &["client.py"], &[]),
    ("curl and openssl", "sh", &["client.sh"], &["curl", "openssl"]),
];

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// Runs a client; its status and its body.
fn run(
    (program, arguments): (&str, &[&str]),
    scheme: &str,
    request: &[&str],
    more: &[(&str, &str)],
) -> (String, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/auth");
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments).args(request).env("SCHEME", scheme);
    command.env("KEY", "ak-1").env("SECRET", access_key("ak-1").secret.reveal()).env_remove("TS").env_remove("NONCE");
    let done = command.envs(more.iter().copied()).output().unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    let (status, body) = text.split_once('\n').unwrap();
    (status.to_owned(), body.trim_end().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_client_of_the_document_is_let_in_as_it_stands() {
    let data = KeyDatabase::empty();
    record(&data.database, [task("order 7, é", 1)]).await;
    data.add_writer("ak-1");
    let settings = format!("auth.enabled = true\nauth.master_key = '{}'", KeyDatabase::MASTER_KEY);
    let service = RunningService::with(&data.database.url(), &settings);
    let url = |target: &str| format!("http://{}{target}", service.address());
    let read = url("/statistics?limit=1&annotationRequestId[]=order+7%2C%20%c3%A9&&offset=1");
    let (kept, query) = (url("/annotation-requests/order%207%2Fb"), url("/statistics/query"));
    let requested = r#"{"annotationRequestIds":["order 7, é"]}"#;
    for (name, program, arguments, needs) in CLIENTS {
        let missing: Vec<&str> = [program].iter().chain(needs).copied().filter(|needed| !is_there(needed)).collect();
        if !missing.is_empty() {
            // Past the harness, which would swallow it. The client in Rust is always there.
            remark(format_args!("NOT TESTED: the client in {name} of docs/AUTH.md; install {}", missing.join(" and ")));
            continue;
        }
        let client = (program, arguments);
        for (scheme, request, more, status, part) in [
            ("", &["GET", &read][..], &[][..], "200", r#""count":1"#),
            ("v1", &["GET", &read], &[], "200", r#""count":1"#),
            ("", &["PUT", &kept, r#"{"campaignId":"1001"}"#], &[], "200", r#""id":"order 7/b""#),
            ("", &["POST", &query, requested], &[], "200", r#""count":1"#),
            ("", &["DELETE", &kept], &[], "200", r#""deletedTasks":0"#),
            ("v1", &["DELETE", &kept], &[], "401", r#""code":402"#),
            ("v1", &["GET", &read], &[("TS", "1744122000000")], "403", "ms behind the server's clock"),
            ("", &["GET", &read], &[("SECRET", "not-the-secret-at-all")], "401", r#""code":401"#),
        ] {
            let (reported, body) = run(client, scheme, request, more);
            assert_eq!(reported, status, "{name} {scheme} {request:?}: {body}");
            assert!(body.contains(part), "{name} {scheme} {request:?}: {body}");
        }
    }
}
