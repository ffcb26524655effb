//! Holds implementations of the `StatementRepository` port to its obligations: one test for each MUST of its documentation,
//! in the same words and the same order.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignScope, CreatedStatement, FrameStart, NewStatement, Precondition, RecordedTask,
    RowFrame, Statement, StatementError, StatementFormat, StatementName, StatementNumber, Statistics, SummaryQuery,
    TaskId,
};
use annotation_statistics_tests::{Implementation, Task, held_to, ids, record, register, statistics_of, stream, task};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Instant;

mod heads;
mod keys;
mod unknown;

use crate::plain_format::PlainFormat;
use heads::obligation_15;
use keys::{obligation_12, obligation_13};
use unknown::obligation_11;

held_to! { "statement_repository",
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_10 obligation_11 obligation_12 obligation_13 obligation_14 obligation_15
    , postgres only:
}

const ALL: &CampaignScope = &CampaignScope::All;

fn id(name: &str) -> AnnotationRequestId {
    AnnotationRequestId::new(name).unwrap()
}

fn name(text: &str) -> StatementName {
    StatementName::new(text).unwrap()
}

fn new(request: &str, text: &str) -> NewStatement {
    NewStatement { annotation_request_id: id(request), name: name(text), actor: "ak-1".to_owned() }
}

async fn create(data: &impl Implementation, request: &str, text: &str) -> CreatedStatement {
    data.statements().create(new(request, text), ALL, Arc::new(PlainFormat::default())).await.unwrap()
}

async fn frames(data: &impl Implementation, statement: &Statement, start: FrameStart, most: u32) -> Vec<RowFrame> {
    let head = &statement.head;
    let most = NonZeroU32::new(most).unwrap();
    data.statements().find_frames(&head.annotation_request_id, head.number, start, most).await.unwrap()
}

async fn numbers(data: &impl Implementation, request: &str) -> Vec<(u64, String)> {
    let heads = data.statements().list(&id(request), None, NonZeroU32::new(100).unwrap(), ALL).await.unwrap();
    heads.into_iter().map(|head| (head.number.get(), head.name.to_string())).collect()
}

/// In no order of their ids, more than two batches of a cursor and than two frames.
fn many(request: &str) -> impl Iterator<Item = Task> + Send + use<> {
    let request = request.to_owned();
    (0..2_300).map(move |place| task(&request, place * 7 % 2_300 - 1_000).counts(u32::try_from(place % 3).unwrap(), 1))
}

/// `create` MUST give the format the summary that `SummaryRepository` returns for the request, and each of its tasks once, in
/// ascending order of their ids, all of one snapshot.
async fn obligation_01(data: &impl Implementation) {
    record(data, many("a").chain([task("b", 1)])).await;
    let summary = data.summaries().summarize(&ids(&["a"]), &SummaryQuery::default(), ALL).await.unwrap();
    let mut rows = statistics_of(data, &["a"]).await.page.rows;
    rows.sort_by_key(Statistics::id);
    let (recorder, runtime) = (data.recorder(), tokio::runtime::Handle::current());
    let taken = Arc::<Mutex<Vec<RecordedTask>>>::default();
    let (notes, mut is_recorded) = (Arc::clone(&taken), false);
    let format = PlainFormat::noting(move |taken| {
        // What is recorded once it has begun is not seen.
        if !std::mem::replace(&mut is_recorded, true) {
            let more = stream([task("a", 5_000), task("a", 0).counts(99, 0)]);
            let recorder = Arc::clone(&recorder);
            let done = runtime.spawn(async move { recorder.record(more, Precondition::None).await });
            let (sender, receiver) = mpsc::channel();
            runtime.spawn(async move { sender.send(done.await.unwrap().unwrap()) });
            receiver.recv().unwrap();
        }
        notes.lock().unwrap().push(taken.clone());
        Ok(())
    });
    let facts = Arc::clone(&format.facts);
    data.statements().create(new("a", "x"), ALL, Arc::new(format)).await.unwrap();
    assert_eq!(facts.lock().unwrap()[0].summary, summary);
    let taken = taken.lock().unwrap();
    assert_eq!(taken.iter().map(|task| task.statistics.clone()).collect::<Vec<_>>(), rows);
    assert!(taken.iter().all(|task| task.annotation_request_id.as_str() == "a"));
}

/// The first statement of a request MUST have the number 1 and none before it, each later one the next number, and the number
/// and digest of the one before.
async fn obligation_02(data: &impl Implementation) {
    record(data, [task("a", 1), task("b", 1)]).await;
    let format = PlainFormat::default();
    let facts = Arc::clone(&format.facts);
    let format: Arc<dyn StatementFormat> = Arc::new(format);
    let mut made = Vec::new();
    for (request, text) in [("a", "one"), ("b", "one"), ("a", "two"), ("a", "three")] {
        let created = data.statements().create(new(request, text), ALL, Arc::clone(&format)).await.unwrap();
        made.push(created.statement.head);
    }
    let previous =
        facts.lock().unwrap().iter().map(|facts| facts.previous.map(|of| (of.number, of.sha256))).collect::<Vec<_>>();
    let of = |index: usize| Some((made[index].number, made[index].sha256));
    assert_eq!(previous, [None, None, of(0), of(2)]);
    assert_eq!(made.iter().map(|head| head.number.get()).collect::<Vec<_>>(), [1, 1, 2, 3]);
}

/// `create` with a name that the request has MUST return that statement as it is, and make nothing.
async fn obligation_03(data: &impl Implementation) {
    record(data, [task("a", 1)]).await;
    let first = create(data, "a", "x").await;
    record(data, [task("a", 2)]).await;
    let again = create(data, "a", "x").await;
    assert_eq!((first.is_new, again.is_new, &again.statement), (true, false, &first.statement));
    assert_eq!(numbers(data, "a").await, [(1, "x".to_owned())]);
}

/// Of several that make a statement of one name at the same time, all MUST get the same statement, and one MUST be made.
async fn obligation_04(data: &impl Implementation) {
    for request in ["a", "empty"] {
        register(data, request, None).await;
    }
    record(data, many("a")).await;
    for request in ["a", "empty"] {
        let made = at_once(data, request, |_| "x".to_owned()).await;
        assert_eq!(made.iter().filter(|made| made.is_new).count(), 1, "{request}");
        assert!(made.iter().all(|other| other.statement == made[0].statement), "{request}");
        assert_eq!(numbers(data, request).await, [(1, "x".to_owned())]);
    }
}

async fn at_once(data: &impl Implementation, request: &str, of: impl Fn(usize) -> String) -> Vec<CreatedStatement> {
    let making = (0..4).map(|number| {
        let (statements, new) = (data.statements(), new(request, &of(number)));
        tokio::spawn(async move { statements.create(new, ALL, Arc::new(PlainFormat::default())).await.unwrap() })
    });
    let mut made = Vec::new();
    for made_one in making.collect::<Vec<_>>() {
        made.push(made_one.await.unwrap());
    }
    made
}

/// Several that make statements of different names at the same time MUST NOT leave a number out or give one twice.
async fn obligation_05(data: &impl Implementation) {
    for request in ["a", "empty"] {
        register(data, request, None).await;
    }
    record(data, many("a")).await;
    for request in ["a", "empty"] {
        let made = at_once(data, request, |number| format!("x{number}")).await;
        let mut numbers: Vec<_> = made.iter().map(|made| made.statement.head.number.get()).collect();
        numbers.sort_unstable();
        assert_eq!((numbers, made.iter().all(|made| made.is_new)), (vec![1, 2, 3, 4], true), "{request}");
    }
}

/// Where the format fails, `create` MUST fail with `Format`, and leave everything as it was.
async fn obligation_06(data: &impl Implementation) {
    record(data, many("a")).await;
    let mut left = 1_500;
    let format = PlainFormat::noting(move |_| {
        left -= 1;
        if left > 0 { Ok(()) } else { Err("no more".into()) }
    });
    let done = data.statements().create(new("a", "x"), ALL, Arc::new(format)).await;
    assert!(matches!(&done, Err(StatementError::Format(error)) if error.to_string() == "no more"), "{done:?}");
    assert_eq!(numbers(data, "a").await, []);
    let made = create(data, "a", "x").await.statement;
    assert_eq!((made.head.number.get(), frames(data, &made, FrameStart::Place(0), 100).await.len()), (1, 9));
}

/// Making a statement MUST NOT change the revision of the request, nor keep others from recording.
async fn obligation_07(data: &impl Implementation) {
    record(data, many("a")).await;
    let before = statistics_of(data, &["a"]).await.revisions;
    let (go_on, is_done) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let format = PlainFormat::noting(move |_| {
        if begun.send(()).is_ok() {
            let _ = is_done.recv();
        }
        Ok(())
    });
    let statements = data.statements();
    let making = tokio::spawn(async move { statements.create(new("a", "x"), ALL, Arc::new(format)).await.unwrap() });
    tokio::task::block_in_place(|| has_begun.recv().unwrap());
    drop(has_begun);
    assert_eq!(statistics_of(data, &["a"]).await.revisions, before);
    record(data, [task("a", 5_000), task("a", 0).counts(98, 0)]).await;
    let after = statistics_of(data, &["a"]).await.revisions;
    drop(go_on);
    let made = making.await.unwrap().statement.head;
    assert_eq!((made.revision, statistics_of(data, &["a"]).await.revisions), (before[0], after));
}

/// `find` MUST return the head, the body and the signature as they were made, whatever is recorded afterwards.
async fn obligation_08(data: &impl Implementation) {
    record(data, many("a").chain([task("b", 1).campaign("2002").counted_by("objects/2")])).await;
    for request in ["a", "b"] {
        let made = create(data, request, "x").await.statement;
        data.registry().delete_task(&id(request), TaskId::from(1), ALL, Precondition::None).await.unwrap();
        let found = data.statements().find(&id(request), &name("x"), ALL).await.unwrap();
        assert_eq!((&found, found.head.actor.as_str()), (&made, "ak-1"));
        assert_eq!(found.head.task_count, if request == "a" { 2_300 } else { 1 });
        assert_eq!(
            found.head.counting_rule.map(|rule| rule.to_string()),
            (request == "b").then(|| "objects/2".to_owned())
        );
    }
}

/// `list` MUST return the heads of the statements in descending order of their numbers, in pages that have each once.
async fn obligation_09(data: &impl Implementation) {
    record(data, [task("a", 1), task("b", 1)]).await;
    let mut made = Vec::new();
    for text in ["e", "d", "c", "b", "a"] {
        made.insert(0, create(data, "a", text).await.statement.head);
    }
    create(data, "b", "z").await;
    let (mut listed, mut before) = (Vec::new(), None);
    loop {
        let heads = data.statements().list(&id("a"), before, NonZeroU32::new(2).unwrap(), ALL).await.unwrap();
        let Some(last) = heads.last() else { break };
        assert!(heads.len() <= 2);
        before = Some(last.number);
        listed.extend(heads);
    }
    assert_eq!(listed, made);
}

/// `find_frames` MUST return the frames as they were made, in their order, at most as many as requested, from the place on, or
/// from the last frame whose first task is not behind the given one; none past the end.
async fn obligation_10(data: &impl Implementation) {
    register(data, "empty", None).await;
    record(data, many("a")).await;
    let format = PlainFormat::default();
    let made_frames = Arc::clone(&format.frames);
    let made = data.statements().create(new("a", "x"), ALL, Arc::new(format)).await.unwrap().statement;
    let all = made_frames.lock().unwrap().clone();
    assert_eq!(
        all.iter().map(|frame| frame.first_task.get()).collect::<Vec<_>>(),
        (0..9).map(|place| place * 256 - 1_000).collect::<Vec<_>>()
    );
    for (start, most, expected, reason) in [
        (FrameStart::Place(0), 100, &all[..], "all"),
        (FrameStart::Place(0), 2, &all[..2], "the first"),
        (FrameStart::Place(7), 5, &all[7..], "the rest"),
        (FrameStart::Place(9), 5, &[], "past the end"),
        (FrameStart::Task(TaskId::from(-1_000)), 1, &all[..1], "its first task"),
        (FrameStart::Task(TaskId::from(-745)), 1, &all[..1], "its last task"),
        (FrameStart::Task(TaskId::from(-744)), 2, &all[1..3], "the first task of the next"),
        (FrameStart::Task(TaskId::from(i64::MIN)), 1, &all[..1], "before all"),
        (FrameStart::Task(TaskId::from(i64::MAX)), 5, &all[8..], "behind all"),
    ] {
        assert_eq!(frames(data, &made, start, most).await, expected, "{reason}");
    }
    let empty = create(data, "empty", "x").await.statement;
    assert_eq!(frames(data, &empty, FrameStart::Place(0), 5).await, []);
    let missing = StatementNumber::new(7).unwrap();
    let none = data.statements().find_frames(&id("a"), missing, FrameStart::Place(0), NonZeroU32::MIN).await.unwrap();
    assert_eq!(none, []);
}

/// Where the data cannot be reached within the implementation's time limit each of them MUST fail with `Unavailable`.
async fn obligation_14<I: Implementation>(data: &I) {
    record(data, [task("a", 1)]).await;
    let made = create(data, "a", "x").await.statement.head;
    data.cut_off();
    let (statements, started, limit) = (data.statements(), Instant::now(), NonZeroU32::MIN);
    let is_unavailable = |error| matches!(error, StatementError::Unavailable(_));
    let format = Arc::new(PlainFormat::default());
    assert!(is_unavailable(statements.create(new("a", "y"), ALL, format).await.unwrap_err()));
    assert!(is_unavailable(statements.find(&id("a"), &name("x"), ALL).await.unwrap_err()));
    assert!(is_unavailable(statements.list(&id("a"), None, limit, ALL).await.unwrap_err()));
    let frames = statements.find_frames(&id("a"), made.number, FrameStart::Place(0), limit).await;
    assert!(is_unavailable(frames.unwrap_err()));
    assert!(is_unavailable(statements.list_keys().await.unwrap_err()));
    assert!(is_unavailable(statements.retire_key(&made.key_id).await.unwrap_err()));
    assert!(started.elapsed() < I::TIME_LIMIT * 6);
    data.reconnect();
    assert_eq!(statements.find(&id("a"), &name("x"), ALL).await.unwrap().head, made, "it heals by itself");
}
