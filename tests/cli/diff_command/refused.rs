//! What is not compared ends with 3, and a wrong command line with 2.

use super::*;

#[test]
fn a_wrong_command_line_is_refused_before_anything_is_read() {
    let program = program();
    let request = ["--annotation-request-id", "a"];
    for (arguments, expected) in [
        (vec!["now", "x.jsonl", request[0], request[1]], "FROM: now is the later state: give it second"),
        (
            vec!["statement:", "now", request[0], request[1]],
            "FROM: the name of a statement must be 1 to 64 letters, digits and . _ - with no dot in front, such as 2026-11",
        ),
        (vec!["x.jsonl", "now"], "--annotation-request-id: statements and now are those of one request"),
        (
            vec!["x.jsonl", "y.jsonl", request[0], request[1]],
            "--annotation-request-id: both are files, and no database is read",
        ),
        (vec!["x.jsonl", "y.jsonl", "-o", "-"], "-o -: it must be a file: standard output has the report"),
        (vec!["x.jsonl", "y.jsonl", "-o", "a.xlsx"], "-o a.xlsx: the differences are CSV: end its name with csv"),
    ] {
        let run = program.run(&[&["diff"], arguments.as_slice()].concat());
        assert_eq!((run.code, run.err), (Some(2), format!("error: {expected}; see --help\n")), "{arguments:?}");
    }
    states(&program);
    fs::copy(program.path("october.jsonl"), program.path("own.csv")).unwrap();
    let run = program.run(&["diff", "own.csv", "october.jsonl", "-o", "own.csv"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (Some(2), "error: -o own.csv: it is one of the files that are read; see --help\n")
    );
}

#[test]
fn what_cannot_be_read_ends_with_3_and_leaves_no_file() {
    let program = program();
    states(&program);
    program.write("unordered.jsonl", rows(&[counts(2, 1, 0), counts(1, 1, 0)]));
    program.write("broken.jsonl", format!("{}{{}}\n", rows(&[counts(1, 1, 0)])));
    for (file, expected) in [
        ("none.jsonl", "none.jsonl: cannot be read: No such file or directory (os error 2)"),
        (
            "unordered.jsonl",
            "unordered.jsonl: row 2: the task 1 is not behind the one before: rows must be in ascending order of the ids, as those \
             of a statement are",
        ),
        ("broken.jsonl", "broken.jsonl: row 2: missing field `annotationRequestId`"),
    ] {
        for files in [["october.jsonl", file], [file, "october.jsonl"]] {
            let run = program.run(&["diff", files[0], files[1], "-o", "new.csv"]);
            assert_eq!(
                (run.code, run.out.as_str(), run.err),
                (Some(3), "", format!("error: {expected}\n")),
                "{files:?}"
            );
            assert!(!program.path("new.csv").exists() && !program.path("new.csv.part").exists());
        }
    }
    let run = program.run(&["diff", "statement:1", "now", "--annotation-request-id", "a"]);
    assert_eq!(run.code, Some(3), "{}", run.err);
}
