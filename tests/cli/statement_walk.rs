//! The walk of STATEMENTS.md from a delivery to a statement that a client has verified: its commands, as they are there, print
//! what is there, but for digests, keys and times.

use crate::PROGRAM;
use crate::statement_command::normalised;
use annotation_statistics_tests::{Program, Repository, TestDatabase};
use std::fs;
use std::io::{Write, stderr};
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

/// A command of the walk, and what it prints where that is shown.
#[derive(Debug, Default)]
struct Step {
    command: String,
    printed: Option<String>,
}

/// The steps of a section.
fn walk(heading: &str) -> Vec<Step> {
    let (_, section) = Repository::real().text("docs/STATEMENTS.md").split_once(heading).unwrap();
    let mut lines = section.lines().take_while(|line| !line.starts_with("## "));
    let mut steps: Vec<Step> = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(command) = line.strip_prefix("    ") {
            steps.push(Step { command: command.to_owned(), printed: None });
        } else if line == "```text" {
            let printed = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n"));
            steps.last_mut().unwrap().printed = Some(printed.collect());
        }
    }
    steps
}

/// A folder that has what the walk finds in the repository.
fn folder() -> Program {
    let folder = Program::new(PROGRAM, "");
    for path in ["docs/examples", "target/release"] {
        fs::create_dir_all(folder.path(path)).unwrap();
    }
    symlink(PROGRAM, folder.path("target/release/annotation-statistics")).unwrap();
    for path in ["docs/examples/street-scenes.json", "docs/verify.py"] {
        folder.write(path, Repository::real().text(path));
    }
    folder
}

/// Both outputs of a command of a shell, in the environment of those before it.
fn printed(folder: &Program, url: &str, exported: &str, command: &str) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1\n{exported}{command}")]).current_dir(folder.path(""));
    shell
        .env("ANNOTATION_STATISTICS__DATABASE__URL", url)
        .env("ANNOTATION_STATISTICS__DATABASE__CONNECT_TIMEOUT", "10s");
    let done = shell.env("XDG_DATA_HOME", folder.path("")).stdin(Stdio::null()).output().unwrap();
    String::from_utf8(done.stdout).unwrap()
}

/// Whether the machine has what clients verify with.
fn has_tools() -> bool {
    let there = |tool: &&str| {
        let found = Command::new("sh").args(["-c", &format!("command -v {tool} >/dev/null")]).status();
        found.unwrap().success()
    };
    let missing = ["openssl", "sha256sum", "python3"].into_iter().find(|tool| !there(tool));
    if let Some(tool) = missing {
        // Not to be hidden with what a test that passes prints.
        let mut reported = stderr();
        writeln!(reported, "NOT RUN, as there is no {tool}: the walk of STATEMENTS.md").unwrap();
    }
    missing.is_none()
}

#[test]
fn commands_lead_from_a_delivery_to_a_statement_that_a_client_has_verified() {
    if !has_tools() {
        return;
    }
    let (folder, database) = (folder(), TestDatabase::new());
    let mut exported = String::new();
    let steps = walk("## From a delivery to a signed statement\n");
    assert!(steps.iter().filter(|step| step.printed.is_some()).count() > 5, "{steps:#?}");
    for Step { command, printed: expected } in steps {
        if command.starts_with("export ") {
            exported.extend([&*command, "\n"]);
        } else {
            let printed = printed(&folder, &database.url(), &exported, &command);
            let expected = expected.unwrap_or_else(|| printed.clone());
            assert_eq!(normalised(&printed), normalised(&expected), "{command}");
        }
    }
}
