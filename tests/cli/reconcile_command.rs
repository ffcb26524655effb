//! `reconcile` says where the sheet of a client differs, over files and over the database, and ends with a code of its own.

mod database;
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

/// A task as a line of JSON Lines.
fn line(request: &str, task: &Task) -> String {
    let mut row = serde_json::to_value(task.statistics()).unwrap();
    row["annotationRequestId"] = json!(request);
    format!("{row}\n")
}

/// Three tasks of the request `a`.
fn tasks() -> [Task; 3] {
    let counts = |id, cars, colors| task("a", id).instance_info(&[("car", cars), ("car/color", colors)], cars, colors);
    [counts(1, 2, 1), counts(2, 3, 0), counts(304_500_000_000_000_707, 4, 4)]
}

/// The same in a file of the program, which is in its working folder.
fn rows(program: &Program) -> &'static str {
    program.write("rows.jsonl", tasks().iter().map(|task| line("a", task)).collect::<String>());
    "rows.jsonl"
}

/// What a client has written down of them: one line differs, one is there twice, one is missing and one is of another task.
const SHEET: &str = "Task,Item,Count,Price\n1,car,2,0.10\n1,car/color,1,0.10\n2,car,5,0.10\n2,car,5,0.10\n\
    304500000000000707,car,4,0.10\n9,car,1,0.10\nTotal,,18,\n";

const REPORT: &str = "\
sheet.csv differs from rows.jsonl

           values
matched         3  both have the same number
differing       1  both have it, with another number
missing         1  only ours: the sheet does not have it
extra           1  only theirs: it is not recorded
duplicate       1  an earlier line of the sheet has it already

                 ours  theirs  ours - theirs
operation items    14      18             -4

line 8 of the sheet, with its sums, adds up
columns that were not compared: Price

class      line                task  counted    ours  theirs  ours - theirs
differing     4                   2  car           3       5             -2
missing          304500000000000707  car/color     4       0             +4
duplicate     5                   2  car           0       5             -5
extra         7                   9  car           0       1             -1
";

fn reconcile(program: &Program, sheet: &str, more: &[&str]) -> Run {
    program.write("sheet.csv", sheet);
    program.run(&[&["reconcile", "sheet.csv"], more].concat())
}

#[test]
fn a_sheet_that_agrees_ends_with_0() {
    let program = program();
    let rows = rows(&program);
    let sheet = "id;operationItem;count\n1;car;2\n1;car/color;1\n2;car;3\n304500000000000707;car;4\n\
        304500000000000707;car/color;4\n";
    let run = reconcile(&program, sheet, &["--rows", rows]);
    let report = "\
sheet.csv agrees with rows.jsonl

           values
matched         5  both have the same number
differing       0  both have it, with another number
missing         0  only ours: the sheet does not have it
extra           0  only theirs: it is not recorded
duplicate       0  an earlier line of the sheet has it already

                 ours  theirs  ours - theirs
operation items    14      14              0
";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), report, ""));
}

#[test]
fn a_sheet_that_differs_ends_with_1_and_the_differences_with_the_next_step() {
    let program = program();
    let rows = rows(&program);
    let run = reconcile(&program, SHEET, &["--rows", rows]);
    let next = "error: 4 differences; -o differences.csv writes all of them\n";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(1), REPORT, next));
    let piped = program.run_with(&["reconcile", "-", "--rows", rows], &[], SHEET.as_bytes());
    let of_pipe = REPORT.replace("sheet.csv", "standard input");
    assert_eq!((piped.code, piped.out, piped.err.as_str()), (Some(1), of_pipe, next));
}

#[test]
fn twenty_differences_are_listed_with_what_is_odd_of_the_sheet_and_none_of_its_texts_reaches_the_terminal_as_it_is() {
    let program = program();
    let rows = rows(&program);
    let others = (10..30).map(|id| format!("{id},bus,1\n")).collect::<Vec<_>>().concat();
    let rounded = "304500000000000000,\u{1b}[31mbus,2\n";
    let same = "1,car,2\n1,car/color,1\n2,car,3\n304500000000000707,car,4\n304500000000000707,car/color,4\n";
    let sheet = format!("id,operationItem,count\n{rounded}{others}{same}Total,,40\n");
    let run = reconcile(&program, &sheet, &["--rows", rows]);
    let (_, rest) = run.out.split_once("operation items    14      36            -22\n").unwrap();
    let line = |line: u32| format!("extra {line:>5} {:>19}  bus          0       1             -1\n", line + 7);
    let listed = (3..22).map(line).collect::<Vec<_>>().concat();
    let expected = format!(
        "
line 28 of the sheet, with its sums, does not add up: operation items 40, and its lines add up to 36
ids that only the sheet has and a spreadsheet may have rounded, as they end in zeros after 15 digits: 1; keep ids as text

class  line                task  counted   ours  theirs  ours - theirs
extra     2  304500000000000000  \u{fffd}[31mbus     0       2             -2
{listed}... and 1 more
"
    );
    assert_eq!((run.code, rest), (Some(1), expected.as_str()), "{run:?}");
}

#[test]
fn scripts_get_the_data_of_the_service() {
    let program = program();
    let rows = rows(&program);
    let run = reconcile(&program, SHEET, &["--rows", rows, "--json"]);
    let data: Value = serde_json::from_str(&run.out).unwrap();
    let line = |class: &str, line: Value, id: i64, item: &str, [ours, theirs, delta]: [i64; 3]| {
        json!({
            "class": class, "line": line, "id": id, "sourceName": null, "operationItem": item, "label": null,
            "measure": "count", "ours": ours, "theirs": theirs, "delta": delta,
        })
    };
    let expected = json!({
        "agrees": false, "sheetLines": 6, "lines": 6, "matched": 3, "differing": 1, "missing": 1, "extra": 1, "duplicate": 1,
        "ours": {"count": 14}, "theirs": {"count": 18}, "delta": {"count": -4},
        "controlTotal": {"line": 8, "stated": {"count": 18}, "agrees": true},
        "ignoredColumns": ["Price"], "roundedIds": 0,
        "data": [
            line("differing", json!(4), 2, "car", [3, 5, -2]),
            line("missing", Value::Null, 304_500_000_000_000_707, "car/color", [4, 0, 4]),
            line("duplicate", json!(5), 2, "car", [0, 5, -5]),
            line("extra", json!(7), 9, "car", [0, 1, -1]),
        ],
    });
    assert_eq!(data, expected);
    let error =
        r#"{"error":{"exitCode":1,"kind":"differs","message":"4 differences; -o differences.csv writes all of them"}}"#;
    assert_eq!((run.code, run.err), (Some(1), format!("{error}\n")));
}

#[test]
fn all_differences_are_written_to_a_file_and_with_all_everything() {
    let program = program();
    let rows = rows(&program);
    let names = "class,line,id,operationItem,label,ours,theirs,delta,sourceName,measure";
    let differences = [
        names,
        "differing,4,2,car,,3,5,-2,,count",
        "missing,,304500000000000707,car/color,,4,0,4,,count",
        "duplicate,5,2,car,,0,5,-5,,count",
        "extra,7,9,car,,0,1,-1,,count",
        "",
    ];
    let all = [
        names,
        "matched,2,1,car,,2,2,0,,count",
        "matched,3,1,car/color,,1,1,0,,count",
        "differing,4,2,car,,3,5,-2,,count",
        "matched,6,304500000000000707,car,,4,4,0,,count",
        "missing,,304500000000000707,car/color,,4,0,4,,count",
        "duplicate,5,2,car,,0,5,-5,,count",
        "extra,7,9,car,,0,1,-1,,count",
        "",
    ];
    let [differences, all] = [differences.join("\r\n"), all.join("\r\n")];
    let marked = format!("\u{feff}{differences}");
    for (more, expected) in [(vec![], &differences), (vec!["--all"], &all), (vec!["--bom"], &marked)] {
        let run = reconcile(&program, SHEET, &[&["--rows", rows, "-o", "differences.csv"], more.as_slice()].concat());
        let next = "error: 4 differences; all of them are in differences.csv\n";
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(1), REPORT, next));
        assert_eq!(&fs::read_to_string(program.path("differences.csv")).unwrap(), expected);
    }
    assert!(!program.path("differences.csv.part").exists());
}

#[test]
fn tasks_are_those_of_annotation_files_too_and_named_by_labels() {
    let program = program();
    let coco = |image: u64, boxes: &str| {
        format!(
            r#"{{"images":[{{"id":{image},"file_name":"{image}.jpg"}}],"categories":[{{"id":1,"name":"dog"}}],"annotations":[{boxes}]}}"#
        )
    };
    let [one, two] = [
        program.write(
            "one.json",
            coco(1, r#"{"id":1,"image_id":1,"category_id":1},{"id":2,"image_id":1,"category_id":1}"#),
        ),
        program.write(
            "two.json.zst",
            zstd::encode_all(coco(2, r#"{"id":3,"image_id":2,"category_id":1}"#).as_bytes(), 1).unwrap(),
        ),
    ];
    let taxonomy =
        program.write("taxonomy.json", r#"{"operators":[{"key":"dog","kind":"slot","label":"Hund","type":"box"}]}"#);
    // A pivot table: a column for each item.
    for (sheet, more) in [
        ("File;dog\n1.jpg;2\n2.jpg;1\n", vec![]),
        ("File;Hund\n1.jpg;2\n2.jpg;1\n", vec!["--taxonomy", taxonomy.as_str()]),
        ("name;label;quantity\n1.jpg;Hund;2\n2.jpg;Hund;1\n", vec!["--taxonomy", taxonomy.as_str()]),
        ("item;count\nHund;3\n", vec!["--taxonomy", taxonomy.as_str()]),
    ] {
        let run = reconcile(&program, sheet, &[&["--rows", one.as_str(), two.as_str()], more.as_slice()].concat());
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{sheet}: {run:?}");
        assert!(run.out.starts_with("sheet.csv agrees with the tasks of 2 files\n"), "{run:?}");
    }
}

#[test]
fn of_json_lines_of_several_requests_those_of_the_named_one_are_compared() {
    let program = program();
    let [one, two, _] = tasks();
    program.write("rows.jsonl", line("b", &one) + &line("a", &one) + &line("a", &two) + &line("b", &two));
    let sheet = "annotationRequestId,id,operationItem,count\na,1,car,2\na,1,car/color,1\na,2,car,3\n";
    let named = ["--rows", "rows.jsonl", "--annotation-request-id", "a"];
    assert_eq!(reconcile(&program, sheet, &named).code, Some(0));
}
