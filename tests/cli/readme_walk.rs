//! The walk of the README from an export of an annotation tool to its picture: its three commands, as they stand there.

use crate::PROGRAM;
use annotation_statistics_tests::{Browser, Program, Repository, Serving};
use std::path::Path;
use std::process::Command;

/// What `make run` sets, but for the ports: whoever reads the README has them free, a test may not.
const SETTINGS: &str = "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'\n\
    database.embedded_dir = 'data'\ndatabase.connect_timeout = '10s'\ndatabase.deadline = '60s'\n\
    database.queue_wait = '60s'\ndatabase.statement_timeout = '60s'\ndatabase.lock_timeout = '60s'";

/// The words of a command, as a shell takes them apart.
fn words(command: &str) -> Vec<String> {
    let script = format!("set -- {command}; printf '%s\\n' \"$@\"");
    let done = Command::new("sh").args(["-c", &script]).output().unwrap();
    String::from_utf8(done.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn walk() -> [Vec<String>; 3] {
    let (_, rest) = Repository::real().text("README.md").split_once("in three commands").unwrap();
    let commands = rest.lines().filter_map(|line| line.strip_prefix("    ")).take(3).map(words);
    commands.collect::<Vec<_>>().try_into().unwrap()
}

/// The file of the repository that the command names.
fn in_repository(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join(path).to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn three_commands_lead_from_an_export_to_its_picture() {
    let [start, import, look] = walk();
    assert_eq!(start, ["make", "run"]);
    assert!(Repository::real().text("Makefile").contains("annotation-statistics --env development serve --demo"));
    let program = Program::new(PROGRAM, SETTINGS);
    let mut serving = program.serve(&["serve", "--demo"]);

    assert_eq!(import[0], "target/release/annotation-statistics");
    let file = in_repository(import.last().unwrap());
    let mut arguments: Vec<&str> = import[1..].iter().map(String::as_str).collect();
    *arguments.last_mut().unwrap() = &file;
    let imported = program.run(&arguments);
    assert!(imported.code == Some(0) && !imported.err.contains("doubt"), "{imported:?}");
    assert!(imported.out.starts_with(&format!("{file}: 6 inserted, 0 updated, 0 unchanged")), "{imported:?}");

    assert_eq!(look[0], "xdg-open");
    assert_shown(&serving, look[1].strip_prefix("http://127.0.0.1:8080").unwrap()).await;
    assert_eq!(serving.stop(rustix::process::Signal::TERM), Some(0), "{}", serving.log());
}

async fn assert_shown(serving: &Serving, target: &str) {
    let response = serving.connect().fetch("GET", target, "");
    assert!(response.status == 200 && response.text().contains(">street scenes</h1>"), "{response:?}");
    let Some(browser) = Browser::open().await else { return };
    browser.visit(&format!("http://{}{target}", serving.address())).await;
    assert_eq!(browser.texts("h1").await, ["street scenes"]);
    let all = format!("/statistics/summary?{}", target.trim_start_matches("/?"));
    let sums = annotation_statistics_tests::Envelope::of(&serving.connect().fetch("GET", &all, "")).data;
    let totals = ["taskNum", "instanceNum", "attributeNum", "frameNum"].map(|name| sums[name].to_string());
    assert_eq!(browser.texts(".numbers .number").await, totals);
    assert_eq!(browser.complaints().await, [""; 0]);
}
