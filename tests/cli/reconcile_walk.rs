//! The walk of RECONCILE.md from the sheet of a client to the list of differences: its commands, as they are there, print
//! what is there.

use crate::PROGRAM;
use annotation_statistics_tests::{Program, Repository};
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
fn program() -> Program {
    let program = Program::new(PROGRAM, "database.url = 'postgres://127.0.0.1:1/none'");
    fs::create_dir_all(program.path("docs/examples")).unwrap();
    for name in ["docs/examples/client-sheet.csv", "docs/examples/street-scenes.json"] {
        program.write(name, Repository::real().text(name));
    }
    program
}

#[test]
fn three_commands_lead_from_two_files_to_the_list_of_differences() {
    let (program, walk) = (program(), walk("in three commands\n"));
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
