//! What is not compared, with the reason and the code.

use super::{SHEET, line, program, reconcile, rows, tasks};
use annotation_statistics_tests::Program;
use std::fs;

#[test]
fn a_command_line_that_cannot_be_understood_ends_with_2() {
    let program = program();
    let rows = rows(&program);
    for (more, reported) in [
        (vec![], "--annotation-request-id <ID>"),
        (
            vec!["--rows", rows, "-o", "-"],
            "error: -o -: it must be a file: standard output has the report; see --help\n",
        ),
        (
            vec!["--rows", rows, "-o", "out.xlsx"],
            "error: -o out.xlsx: the differences are CSV: end its name with csv; see --help\n",
        ),
        (
            vec!["--rows", rows, "-o", "./sheet.csv"],
            "error: -o ./sheet.csv: it is one of the files that are read; see --help\n",
        ),
        (vec!["--rows", "-"], "error: --rows -: it must be a file, as it is read twice; see --help\n"),
        (vec!["--rows", rows, "--all"], "--output <FILE>"),
        (vec!["--rows", rows, "--format", "pdf"], "must be csv, xlsx or jsonl"),
        (vec!["--annotation-request-id", "a", "--taxonomy", "t.json"], "--rows <FILE>..."),
        (
            vec!["--rows", rows, "--annotation-request-id", ""],
            "error: --annotation-request-id: must not be empty; see --help\n",
        ),
    ] {
        let run = reconcile(&program, SHEET, &more);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{more:?}: {run:?}");
        assert!(run.err.contains(reported), "{more:?}: {}", run.err);
    }
    assert_eq!(fs::read_to_string(program.path("sheet.csv")).unwrap(), SHEET);
}

/// Each is refused with 3 and the reason, for people and scripts, and leaves no file.
#[track_caller]
fn assert_refused(program: &Program, sheet: &str, more: &[&str], reported: &str) {
    let arguments = [more, &["-o", "out.csv"]].concat();
    let run = reconcile(program, sheet, &arguments);
    let error = format!("error: {reported}\n");
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(3), "", error.as_str()), "{more:?}");
    let run = reconcile(program, sheet, &[&arguments[..], &["--json"]].concat());
    let error = serde_json::json!({"error": {"kind": "input", "message": reported, "exitCode": 3}});
    assert_eq!((run.code, run.out.as_str(), run.err), (Some(3), "", format!("{error}\n")), "{more:?}");
    assert!(!program.path("out.csv").exists() && !program.path("out.csv.part").exists());
}

#[test]
fn a_sheet_that_is_refused_ends_with_3_and_names_the_place() {
    let program = program();
    let rows = rows(&program);
    for (sheet, reported) in [
        ("", "is empty"),
        (
            "id,operationItem,count\n1,car,1.5\n",
            "line 2, column count: \"1.5\" has decimals: only whole numbers are counts",
        ),
        (
            "id,operationItem,count\n1,car,1\n304500000000000000,car,1\n",
            "line 3, column id: 304500000000000000 was rounded by a spreadsheet, which keeps 15 digits of a number: import the \
             file with this column as text, or send JSON Lines (as are all of more than 15 digits)",
        ),
        (
            "annotationRequestId,id,operationItem,count\na,1,car,1\nb,1,car,1\n",
            "line 3, column annotationRequestId: \"b\" is not \"a\", which the sheet is compared with",
        ),
        (
            "a,b\n1,2\n",
            "line 1: has no columns that are understood, but \"a\", \"b\"; understood are the columns id (or sourceName) with \
             operationItem and count, with instanceNum, attributeNum or frameNum, or with a column for each operation \
             item; and operationItem with count",
        ),
    ] {
        assert_refused(&program, sheet, &["--rows", rows], &format!("sheet.csv: {reported}"));
    }
}

#[test]
fn tasks_that_cannot_be_compared_end_with_3() {
    let program = program();
    rows(&program);
    let [one, two, _] = tasks();
    program.write("broken.jsonl", line("a", &one) + "{}\n");
    program.write("several.jsonl", line("a", &one) + &line("b", &two));
    program.write("twice.jsonl", line("a", &two) + &line("a", &one) + &line("a", &two));
    program.write("taxonomy.json", r#"{"operators":[{"key":"a"}]}"#);
    for (more, reported) in [
        (vec!["--rows", "none.jsonl"], "none.jsonl: cannot be read: No such file or directory (os error 2)"),
        (vec!["--rows", "broken.jsonl"], "broken.jsonl:2: missing field `annotationRequestId`"),
        (
            vec!["--rows", "several.jsonl"],
            "several.jsonl: has tasks of several annotation requests, such as `a` and `b`: name the one that is meant with \
             --annotation-request-id",
        ),
        (vec!["--rows", "rows.jsonl", "--annotation-request-id", "c"], "rows.jsonl: has no task of `c`"),
        (vec!["--rows", "twice.jsonl"], "twice.jsonl: has the task 2 twice"),
        (vec!["--rows", "rows.jsonl", "rows.jsonl"], "the tasks of 2 files: has the task 1 twice"),
        (vec!["--rows", "rows.jsonl", "--taxonomy", "taxonomy.json"], "taxonomy.json: operators[0].kind: is missing"),
        (
            vec!["--rows", "rows.jsonl", "--taxonomy", "none.json"],
            "none.json: cannot be read: No such file or directory (os error 2)",
        ),
    ] {
        assert_refused(&program, SHEET, &more, reported);
    }
}

#[test]
fn a_database_that_is_away_ends_with_3() {
    let run = reconcile(&program(), SHEET, &["--annotation-request-id", "a"]);
    assert_eq!((run.code, run.out.as_str()), (Some(3), ""), "{run:?}");
    let failed = run.err.lines().last().unwrap();
    assert!(
        failed.starts_with("error: nothing was compared: the statistics cannot be reached: no session"),
        "{failed}"
    );
}
