//! Verifying the files of a statement, by the program and by the script for clients.

use super::signing::Signing;
use super::{LATER, client};
use crate::Arguments;
use crate::case::median;
use crate::limits::Limits;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// The most seconds of each.
const MOST_COMMAND: f64 = 2.0;
const MOST_SCRIPT: f64 = 15.0;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verify.py");

/// Fetches the files, and verifies them in turn.
pub(super) fn measure(arguments: &Arguments, signing: &Signing, folder: &Path, limits: &mut Limits) {
    let files = ["statement.json", "statement.sig", "rows.jsonl", "public-key.pem"].map(|name| folder.join(name));
    let [document, signature, rows, key] = &files;
    let service = signing.serve();
    for path in [document, signature, rows] {
        let target = format!("{}/{}", client::statement(LATER), path.file_name().unwrap().to_str().unwrap());
        client::download(&service.address, &target, &mut File::create(path).unwrap());
    }
    let signed: serde_json::Value = serde_json::from_slice(&fs::read(document).unwrap()).unwrap();
    let target = format!("/statement-keys/{}.pem", signed["keyId"].as_str().unwrap());
    client::download(&service.address, &target, &mut File::create(key).unwrap());
    let (mut by_command, mut by_script) = (vec![], vec![]);
    for _ in 0..arguments.rounds {
        let mut command = signing.command();
        command.args(["statement", "verify"]).arg(document).arg("--signature").arg(signature);
        by_command.push(seconds(command.arg("--rows").arg(rows).arg("--public-key").arg(key)));
        by_script.push(seconds(Command::new("python3").arg(SCRIPT).args(&files)));
    }
    let [by_command, by_script] = [by_command, by_script].map(median);
    println!(
        "    verified in {by_command:.1} s (at most {MOST_COMMAND}), by docs/verify.py in {by_script:.1} s (at most {MOST_SCRIPT})"
    );
    limits.at_most("seconds to verify a statement", by_command, MOST_COMMAND);
    limits.at_most("seconds to verify a statement by docs/verify.py", by_script, MOST_SCRIPT);
}

fn seconds(command: &mut Command) -> f64 {
    let started = Instant::now();
    let status = command.stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "the statement does not verify");
    started.elapsed().as_secs_f64()
}
