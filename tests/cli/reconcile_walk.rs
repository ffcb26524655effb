//! The walk of RECONCILE.md from the sheet of a client to the list of differences: its commands, as they are there, print
//! what is there.

use crate::PROGRAM;
use annotation_statistics_tests::{Envelope, Program, Repository, TestDatabase};
use serde_json::Value;
use std::fs;

const PROGRAM_OF_THE_WALK: &str = "target/release/annotation-statistics ";

/// The commands of a section, each with what it prints.
fn walk(heading: &str) -> Vec<(String, String)> {
    let (_, section) = Repository::real().text("docs/RECONCILE.md").split_once(heading).unwrap();
    let section = section.split_once("\n## ").map_or(section, |(section, _)| section);
    // What is printed is between fences, and a command in front of each.
    let mut parts = section.split("```text\n").peekable();
    let mut steps = Vec::new();
    while let Some(part) = parts.next() {
        let text = part.split_once("```\n").map_or(part, |(_, text)| text);
        let Some((printed, _)) = parts.peek().and_then(|next| next.split_once("```")) else { break };
        let command = text.lines().rev().find_map(|line| line.strip_prefix("    ")).unwrap();
        steps.push((command.to_owned(), printed.to_owned()));
    }
    steps
}

/// The program, with the files of the examples where the walk has them.
fn with_examples(settings: &str) -> Program {
    let program = Program::new(PROGRAM, settings);
    fs::create_dir_all(program.path("docs/examples")).unwrap();
    for name in ["docs/examples/client-sheet.csv", "docs/examples/street-scenes.json"] {
        program.write(name, Repository::real().text(name));
    }
    program
}

#[test]
fn three_commands_lead_from_two_files_to_the_list_of_differences() {
    let (program, walk) = (with_examples("database.url = 'postgres://127.0.0.1:1/none'"), walk("in three commands\n"));
    assert_eq!(walk.len(), 3);
    for (command, expected) in walk {
        let printed = if let Some(arguments) = command.strip_prefix(PROGRAM_OF_THE_WALK) {
            let run = program.run(&arguments.split(' ').collect::<Vec<_>>());
            run.out + &run.err
        } else {
            let file = command.strip_prefix("cat ").unwrap();
            fs::read_to_string(program.path(file)).unwrap().replace('\r', "")
        };
        assert_eq!(printed, expected, "{command}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_responds_with_the_data_that_the_command_prints() {
    let (_, section) = Repository::real().text("docs/RECONCILE.md").split_once("## The same over HTTP\n").unwrap();
    let commands: Vec<_> = section.lines().filter_map(|line| line.strip_prefix("    ")).take(2).collect();
    assert!(commands[0].starts_with("curl --data-binary @docs/examples/client-sheet.csv -H 'Content-Type: text/csv' "));
    assert!(
        commands[1]
            .ends_with(" reconcile docs/examples/client-sheet.csv --annotation-request-id 'street scenes' --json")
    );
    let database = TestDatabase::new();
    let listening = "auth.enabled = false\nserver.bind = '127.0.0.1:0'\nadmin.bind = '127.0.0.1:0'";
    let program =
        with_examples(&format!("database.connect_timeout = '10s'\ndatabase.url = {:?}\n{listening}", database.url()));
    let request = ["--annotation-request-id", "street scenes"];
    let import = [&["import", "docs/examples/street-scenes.json", "--campaign-id", "1001"][..], &request].concat();
    assert_eq!(program.run(&import).code, Some(0));

    let mut serving = program.serve(&["serve"]);
    let url = commands[0].split('\'').nth_back(1).unwrap();
    let target = url.strip_prefix("http://127.0.0.1:8080").unwrap();
    let sheet = Repository::real().text("docs/examples/client-sheet.csv");
    let response = serving.connect().fetch_with("POST", target, "Content-Type: text/csv\r\n", sheet);
    assert_eq!(serving.stop(rustix::process::Signal::TERM), Some(0), "{}", serving.log());

    let command = [&["reconcile", "docs/examples/client-sheet.csv"][..], &request, &["--json"]].concat();
    let printed: Value = serde_json::from_str(&program.run(&command).out).unwrap();
    assert_eq!(Envelope::of(&response).data, printed);
}
