//! What is stated of a task or of an operation item first, and stays.

use annotation_statistics_domain::{ItemKind, Precondition, RecordError, SourceName, SummaryQuery, TaskId};
use annotation_statistics_tests::{Implementation, Task, ids, numbers, record, statistics_of, stream, task};

async fn source_names(data: &impl Implementation, request: &str) -> Vec<Option<String>> {
    let rows = statistics_of(data, &[request]).await.page.rows;
    rows.iter().map(|row| row.source_name().map(ToString::to_string)).collect()
}

/// A task's source name MUST be the first that it is given; another MUST fail with `SourceNameConflict`, and none MUST
/// leave it as it is.
pub(super) async fn obligation_07(data: &impl Implementation) {
    let changed = |id| task("a", id).frames(9);
    record(data, [task("a", 1).made_of("one.jpg"), task("a", 2)]).await;
    assert_eq!(numbers(record(data, [task("a", 1), task("a", 2)]).await), (0, 0, 2), "none is no other one");
    assert_eq!(numbers(record(data, [changed(1)]).await), (0, 1, 0));
    assert_eq!(source_names(data, "a").await, [Some("one.jpg".to_owned()), None], "none leaves it as it is");
    let before = statistics_of(data, &["a"]).await.revisions;
    assert_eq!(numbers(record(data, [task("a", 2).made_of("zwei\t\\2.jpg")]).await), (0, 1, 0), "it is learnt later");
    assert_ne!(statistics_of(data, &["a"]).await.revisions, before);
    assert_eq!(source_names(data, "a").await, [Some("one.jpg".to_owned()), Some("zwei\t\\2.jpg".to_owned())]);
    let before = statistics_of(data, &["a"]).await;
    for (tasks, expected, reason) in [
        (vec![task("a", 1).made_of("other.jpg")], (1, 1, "one.jpg", "other.jpg"), "nothing else differs"),
        (vec![task("a", 3), changed(1).made_of("x")], (2, 1, "one.jpg", "x"), "another delivery with the same numbers"),
    ] {
        match data.recorder().record(stream(tasks), Precondition::None).await {
            Err(RecordError::SourceNameConflict { place, annotation_request_id, task, recorded, given }) => {
                assert_eq!(annotation_request_id.as_str(), "a");
                let names = [&recorded, &given].map(SourceName::as_str);
                assert_eq!((place.number(), task.get(), names[0], names[1]), expected, "{reason}");
            }
            other => panic!("{reason}: {other:?}"),
        }
        assert_eq!(statistics_of(data, &["a"]).await, before, "{reason}");
    }
}

/// A task whose id is made of its source name MUST NOT be recorded beside another task of that name whose id is not,
/// nor the other way round: it MUST fail with `SourceNameTaken`.
pub(super) async fn obligation_15(data: &impl Implementation) {
    let by_name = |request: &str, name: &str| task(request, TaskId::of_name(name).get()).made_of(name);
    record(data, [task("a", 1).made_of("x.jpg"), by_name("a", "y.jpg")]).await;
    let before = statistics_of(data, &["a"]).await;
    for (tasks, expected, reason) in [
        (vec![task("a", 7), by_name("a", "x.jpg")], (2, "x.jpg", 1), "by its name, where it is known by a number"),
        (
            vec![task("a", 2).made_of("y.jpg")],
            (1, "y.jpg", TaskId::of_name("y.jpg").get()),
            "by a number, where by its name",
        ),
    ] {
        let last = tasks.last().unwrap().statistics().id();
        match data.recorder().record(stream(tasks), Precondition::None).await {
            Err(RecordError::SourceNameTaken { place, annotation_request_id, source_name, recorded, given }) => {
                assert_eq!((annotation_request_id.as_str(), given), ("a", last), "{reason}");
                assert_eq!((place.number(), source_name.as_str(), recorded.get()), expected, "{reason}");
            }
            other => panic!("{reason}: {other:?}"),
        }
        assert_eq!(statistics_of(data, &["a"]).await, before, "{reason}");
    }
    let further = [task("a", 3).made_of("x.jpg"), by_name("a", "z.jpg"), by_name("b", "x.jpg")];
    assert_eq!(numbers(record(data, further).await), (3, 0, 0), "two numbers of one name, and another request");
    assert_eq!(numbers(record(data, [by_name("a", "y.jpg")]).await), (0, 0, 1), "the same again");
}

/// The kind of an operation item MUST be the first that is stated for its request; another MUST fail with
/// `ItemKindConflict`.
pub(super) async fn obligation_08(data: &impl Implementation) {
    let (slot, input) = (ItemKind::Slot, ItemKind::Input);
    let both = |request: &str, id| task(request, id).instance_info(&[("car", 2), ("color", 3)], 2, 3);
    record(data, [both("a", 1).stating("car", slot), both("a", 2).stating("color", input), both("b", 1)]).await;
    let kinds = |summary: annotation_statistics_domain::Summary| {
        summary.items().iter().map(|item| (item.key.to_string(), item.kind)).collect::<Vec<_>>()
    };
    let summarize = async |request: &str| {
        data.summaries().summarize(&ids(&[request]), &SummaryQuery::default(), &ALL).await.unwrap()
    };
    let known = [("car".to_owned(), Some(slot)), ("color".to_owned(), Some(input))];
    assert_eq!(kinds(summarize("a").await), known);
    assert_eq!(kinds(summarize("b").await).iter().map(|(_, kind)| *kind).collect::<Vec<_>>(), [None, None]);
    let conflicts: [(Vec<Task>, _, &str); 2] = [
        (vec![both("a", 3), both("a", 1).stating("car", input)], (2, "a", "car", slot, input), "stated before"),
        (
            vec![both("b", 1).stating("color", input), both("b", 2).stating("color", slot)],
            (2, "b", "color", input, slot),
            "stated twice in a stream",
        ),
    ];
    for (tasks, expected, reason) in conflicts {
        match data.recorder().record(stream(tasks), Precondition::None).await {
            Err(RecordError::ItemKindConflict { place, annotation_request_id, item, recorded, given }) => {
                let reported = (place.number(), annotation_request_id.as_str(), item.as_str(), recorded, given);
                assert_eq!(reported, expected, "{reason}");
            }
            other => panic!("{reason}: {other:?}"),
        }
    }
    assert_eq!(kinds(summarize("b").await).iter().map(|(_, kind)| *kind).collect::<Vec<_>>(), [None, None]);
    let before = statistics_of(data, &["b"]).await.revisions;
    let stated = both("b", 1).stating("car", slot).stating("color", input);
    assert_eq!(numbers(record(data, [stated.clone()]).await), (0, 0, 1), "the task stands as given");
    assert_eq!(kinds(summarize("b").await), known);
    let after = statistics_of(data, &["b"]).await.revisions;
    assert_ne!(after, before, "what is answered has changed");
    record(data, [stated]).await;
    assert_eq!(statistics_of(data, &["b"]).await.revisions, after, "it has not");
}

const ALL: annotation_statistics_domain::CampaignScope = annotation_statistics_domain::CampaignScope::All;
