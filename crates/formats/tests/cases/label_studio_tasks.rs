//! Tasks of Label Studio: which they are, what they were made of, and files that have none.

use crate::read_all;
use annotation_statistics_formats::CountingRule::Objects;
use annotation_statistics_formats::{Format, ReadError, ReadOptions, TaskIds, read, stable_id};

fn read_file(file: &str) -> Result<Vec<String>, String> {
    let read = read_all(file.as_bytes(), Some(Format::LabelStudio), Objects)?;
    Ok(read.lines().map(str::to_owned).collect())
}

#[test]
fn a_task_that_misses_annotations_says_so() {
    let missing = "counted with a doubt: 1 annotations that tasks say to have, but that are not in the file";
    let cancelled = "not counted: 1 annotations that were cancelled";
    for (members, expected, reason) in [
        (r#""total_annotations":2,"annotations":[{"result":[]}]"#, &["1 | | | 1", missing][..], "one of two"),
        (r#""annotations":[{"result":[]}],"total_annotations":2"#, &["1 | | | 1", missing], "in another order"),
        (
            r#""annotations":[{"was_cancelled":true}],"total_annotations":1"#,
            &["1 | | | 1", cancelled, missing],
            "cancelled",
        ),
        (r#""annotations":[{"result":null}],"total_annotations":1,"cancelled_annotations":1"#, &["1 | | | 1"], "all"),
        (r#""annotations":null,"total_annotations":0"#, &["1 | | | 1"], "none of none"),
        (r#""annotations":[],"total_annotations":null"#, &["1 | | | 1"], "an unknown number"),
    ] {
        assert_eq!(read_file(&format!(r#"{{"id":1,"data":{{}},{members}}}"#)).unwrap(), expected, "{reason}");
    }
    for members in [
        r#""annotations":null,"total_annotations":2"#,
        r#""total_annotations":2,"annotations":null"#,
        r#""total_annotations":2,"annotations":[]"#,
        r#""total_annotations":2,"completions":[]"#,
        r#""total_annotations":2"#,
    ] {
        let error = read_file(&format!(r#"[{{"id":1,"data":{{}},{members}}}]"#)).unwrap_err();
        assert!(
            error.ends_with(
                "$[0]: the task says to have 2 annotations (`total_annotations`) and none is here: export the project as \
                 JSON, with the annotations in it"
            ),
            "{members}: {error}"
        );
    }
}

#[test]
fn what_has_no_tasks_is_called_what_it_is() {
    let minimal = "`annotations` of the task is missing: the full JSON export is needed, not the minimal one";
    let storage = "this is one annotation of a target storage; it is not read yet: export the project as JSON";
    let page = "this is a page of Label Studio's API; it is not read yet: export the project as JSON";
    let task = "`annotations` of the task is missing: export the project as JSON";
    let id = "only the id of the annotation is here: export the project as JSON, with the annotations in it";
    for (file, expected) in [
        (r#"[{"image":"a.jpg","id":1,"annotator":1,"annotation_id":7,"lead_time":5}]"#, minimal),
        (r#"[{"result":"a text of the data","id":1,"annotation_id":7}]"#, minimal),
        (r#"{"id":27,"result":[],"task":{"id":5,"data":{}},"was_cancelled":false,"lead_time":5.1}"#, storage),
        (r#"{"lead_time":5.1,"task":{"total_annotations":2},"id":27,"result":[]}"#, storage),
        (r#"{"tasks":[{"id":7,"data":{},"annotations":[]}],"total":1,"total_annotations":1}"#, page),
        (r#"[{"id":1,"data":{"image":"a.jpg"},"predictions":[]}]"#, task),
        (r#"[{"id":1}]"#, task),
        (r#"[{"id":1,"data":{},"annotations":[10,11],"total_annotations":2}]"#, id),
    ] {
        let error = read_file(file).unwrap_err();
        assert!(error.ends_with(&format!(": {expected}")), "{file}: {error}");
    }
}

#[test]
fn a_task_is_known_by_what_it_was_made_of() {
    for (members, expected) in [
        (
            r#""data":{"text":"two words","n":7,"u":"https://b.example/a.jpg?sig=1#x","v":"b.jpg"}"#,
            "1 (https://b.example/a.jpg)",
        ),
        (r#""file_upload":"ab-a.jpg","data":{"image":"/data/upload/1/ab-a.jpg"}"#, "1 (ab-a.jpg)"),
        (r#""data":{"image":"/data/upload/1/ab-a.jpg"},"file_upload":null"#, "1 (/data/upload/1/ab-a.jpg)"),
        (r#""data":{"image":"/data/local-files/?d=dir/a.jpg"},"file_upload":"ab-list.csv""#, "1 (dir/a.jpg)"),
        (r#""data":{"image":["a.jpg"],"more":{"b":"c.jpg"}}"#, "1"),
        (r#""data":null"#, "1"),
    ] {
        let file = format!(r#"[{{"id":1,{members},"annotations":[]}}]"#);
        assert_eq!(read_file(&file).unwrap(), [format!("{expected} | | | 1")]);
    }
}

#[test]
fn a_task_without_an_id_has_one_of_its_name_where_that_is_wanted() {
    let read_with = |file: &str, task_ids: TaskIds| -> Result<i64, ReadError> {
        let options = ReadOptions { format: Some(Format::LabelStudio), task_ids, ..ReadOptions::default() };
        let tasks: Result<Vec<_>, _> = read(file.as_bytes(), &options).unwrap().collect();
        Ok(tasks?[0].id.get())
    };
    let named = r#"[{"data":{"image":"a.jpg"},"annotations":[]}]"#;
    let nameless = r#"[{"id":null,"data":{"text":"one two"},"annotations":[]}]"#;
    assert_eq!(read_with(named, TaskIds::OfSourceName), Ok(stable_id("a.jpg").get()));
    let error = read_with(named, TaskIds::OfFile).unwrap_err().reason;
    assert_eq!(error, "`id` of the task is missing: with `--task-id source-name` it is made of the name `a.jpg`");
    for task_ids in [TaskIds::OfFile, TaskIds::OfSourceName] {
        let error = read_with(nameless, task_ids).unwrap_err().reason;
        let expected = "`id` of the task is missing, and nothing in it names a file that an id could be made of: import the \
            tasks into Label Studio and export the project as JSON";
        assert_eq!(error, expected);
    }
}

#[test]
fn labels_that_are_no_list_and_values_that_are_no_object_are_refused_with_their_place() {
    let path = "$[0].annotations[0].result[0].value";
    for (value, place, reason) in [
        (r#"{"labels":"car"}"#, ".labels", "expected an array, found a string"),
        ("null", "", "expected an object, found null"),
        (r#"{"sequence":[{"frame":1.5}]}"#, ".sequence[0].frame", "expected a whole number of at most 64 bits"),
        (r#"{"sequence":[{"frame":"1"}]}"#, ".sequence[0].frame", "expected a number, found a string"),
        (r#"{"framesCount":-5}"#, ".framesCount", "expected a number of frames"),
    ] {
        let file =
            format!(r#"[{{"id":1,"data":{{}},"annotations":[{{"result":[{{"type":"labels","value":{value}}}]}}]}}]"#);
        let error = read_file(&file).unwrap_err();
        assert!(error.ends_with(&format!(", {path}{place}: {reason}")), "{value}: {error}");
    }
}
