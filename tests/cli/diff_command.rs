//! `diff` says what differs between two states, over files and over the database, and ends with a code of its own.

mod refused;

use crate::PROGRAM;
use annotation_statistics_tests::{Program, Run, Task, task};
use serde_json::{Value, json};
use std::fs;

/// One that would fail if it asked its database anything.
fn program() -> Program {
    let url = "postgres://canary-user:canary-password@127.0.0.1:1/none";
    Program::new(PROGRAM, &format!("database.url = '{url}'\ndatabase.connect_timeout = '200ms'"))
}

fn rows(tasks: &[Task]) -> String {
    let line = |task: &Task| {
        let mut row = serde_json::to_value(task.statistics()).unwrap();
        row["annotationRequestId"] = json!("a");
        format!("{row}\n")
    };
    tasks.iter().map(line).collect()
}

fn counts(id: i64, cars: u32, colors: u32) -> Task {
    task("a", id).instance_info(&[("car", cars), ("car/color", colors)], cars, colors)
}

/// Two states in files: a task is reworked, one goes, and one comes.
fn states(program: &Program) -> [&'static str; 2] {
    let kept = counts(3, 1, 0);
    program.write("october.jsonl", rows(&[counts(1, 2, 1), counts(2, 3, 0), kept.clone()]));
    let november = rows(&[counts(1, 4, 1), kept, counts(304_500_000_000_000_707, 4, 4)]);
    program.write("november.jsonl.zst", zstd::encode_all(november.as_bytes(), 3).unwrap());
    ["october.jsonl", "november.jsonl.zst"]
}

fn diff(program: &Program, more: &[&str]) -> Run {
    let [from, to] = states(program);
    program.run(&[&["diff", from, to], more].concat())
}

const REPORT: &str = "\
november.jsonl.zst differs from october.jsonl

           tasks
added          1  only in the later state
removed        1  only in the earlier state
changed        1  in both, and not the same
unchanged      1  in both, and the same
delivered      1  complete, and not before
reopened       1  complete before, and not any more
reworked       1  complete in both, with other counts

                     from  to  to - from
tasks                   3   3          0
instances               6   9         +3
attributes              1   5         +4
frames                  3   3          0
complete tasks          3   3          0
complete instances      6   9         +3
complete attributes     1   5         +4
complete frames         3   3          0

operation item  from  to  to - from
car                6   9         +3
car/color          1   5         +4

              task  what               pool                instances  attributes  frames
                 1  changed, reworked  complete pool          2 -> 4           1       1
                 2  removed, reopened  complete pool -> -     3 -> -      0 -> -  1 -> -
304500000000000707  added, delivered   - -> complete pool     - -> 4      - -> 4  - -> 1
";

#[test]
fn states_that_differ_end_with_1_and_the_tasks_with_the_next_step() {
    let run = diff(&program(), &[]);
    assert_eq!(
        (run.code, run.out.as_str(), run.err.as_str()),
        (Some(1), REPORT, "error: 3 tasks differ; -o differences.csv writes all of them\n")
    );
}

#[test]
fn a_state_is_the_same_as_itself() {
    let program = program();
    let [from, _] = states(&program);
    let run = program.run(&["diff", from, from]);
    let (head, rest) = run.out.split_once("\n\n").unwrap();
    assert_eq!((run.code, head, run.err.as_str()), (Some(0), "october.jsonl is the same as october.jsonl", ""));
    let (classes, sums) = rest.split_once("\n\n").unwrap();
    let numbers = classes.lines().skip(1).map(|line| line.split_whitespace().nth(1).unwrap());
    assert_eq!((numbers.collect::<String>(), sums.lines().count()), ("0003000".to_owned(), 9));
}

#[test]
fn for_scripts_it_is_one_object() {
    let run = diff(&program(), &["--json"]);
    let outcome: Value = serde_json::from_str(&run.out).unwrap();
    let sums = |tasks: u32, instances: u32, attributes: u32| json!({ "taskNum": tasks, "instanceNum": instances, "attributeNum": attributes, "frameNum": tasks });
    assert_eq!(
        outcome["tasks"],
        json!({
            "added": 1, "removed": 1, "changed": 1, "unchanged": 1, "delivered": 1, "reopened": 1, "reworked": 1
        })
    );
    assert_eq!(outcome["from"], json!({ "total": sums(3, 6, 1), "delivered": sums(3, 6, 1) }));
    assert_eq!(outcome["to"], json!({ "total": sums(3, 9, 5), "delivered": sums(3, 9, 5) }));
    assert_eq!(outcome["delta"], sums(0, 3, 4));
    let item = |key: &str, from: u32, to: u32| json!({ "key": key, "label": null, "kind": null, "from": from, "to": to, "delta": to - from });
    assert_eq!(outcome["operationItems"], json!([item("car", 6, 9), item("car/color", 1, 5)]));
    let lines: Vec<_> = outcome["data"].as_array().unwrap().iter().map(|line| (&line["id"], &line["flags"])).collect();
    let expected = [
        (&json!(1), &json!(["changed", "reworked"])),
        (&json!(2), &json!(["removed", "reopened"])),
        (&json!(304_500_000_000_000_707_i64), &json!(["added", "delivered"])),
    ];
    assert_eq!((lines, &outcome["next"]), (expected.to_vec(), &Value::Null));
    assert_eq!((run.code, run.err.lines().count()), (Some(1), 1));
    let error: Value = serde_json::from_str(&run.err).unwrap();
    let message = "3 tasks differ; -o differences.csv writes all of them";
    assert_eq!(error, json!({ "error": { "kind": "differs", "message": message, "exitCode": 1 } }));
}

#[test]
fn all_tasks_are_a_file_that_appears_when_it_is_complete() {
    let program = program();
    let run = diff(&program, &["-o", "new.csv", "--bom"]);
    assert_eq!((run.code, run.err.as_str()), (Some(1), "error: 3 tasks differ; all of them are in new.csv\n"));
    let file = fs::read_to_string(program.path("new.csv")).unwrap();
    let lines: Vec<_> = file.lines().collect();
    assert!(lines[0].starts_with("\u{feff}action,delivery,id,measure,"), "{}", lines[0]);
    let of_task: Vec<_> = lines.iter().filter(|line| line.starts_with("changed,reworked,1,count,car,")).collect();
    assert_eq!((lines.len(), of_task.len()), (1 + 3 * 5, 1));
    assert!(of_task[0].starts_with("changed,reworked,1,count,car,,2,4,2,"), "{}", of_task[0]);
}
