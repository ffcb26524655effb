//! Holds implementations of the `StatisticsExporter` port to its obligations: one test for each MUST of its documentation,
//! in the same words and the same order.

use annotation_statistics_domain::{
    BoxError, CampaignId, CampaignScope, ExportError, ExportTarget, RecordedTask, RepositoryError, Summary,
    SummaryQuery, TaskFilter,
};
use annotation_statistics_tests::{
    Implementation, Task, TestDatabase, held_to, ids, record, register, statistics_of, task, wait_until,
};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Instant;

mod by_task_id;
mod filters;

use by_task_id::obligation_13;
use filters::obligation_12;

held_to! { "statistics_exporter",
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_11 obligation_12 obligation_13
    , postgres only:
        obligation_10
}

const ALL: &CampaignScope = &CampaignScope::All;

/// What a target was called with.
#[derive(Debug, Clone, PartialEq)]
enum Call {
    Begin(Box<Summary>),
    Take(Box<RecordedTask>),
    Finish,
    Drop,
}

/// Writes down its calls, and does something before each.
struct Notes<F> {
    calls: Arc<Mutex<Vec<Call>>>,
    before: F,
}

type Before = Box<dyn FnMut(&Call) -> Result<(), BoxError> + Send>;

impl Notes<Before> {
    fn call(&mut self, call: &Call) -> Result<(), BoxError> {
        self.calls.lock().unwrap().push(call.clone());
        (self.before)(call)
    }
}

impl ExportTarget for Notes<Before> {
    fn begin(&mut self, summary: &Summary) -> Result<(), BoxError> {
        self.call(&Call::Begin(Box::new(summary.clone())))
    }

    fn take(&mut self, task: &RecordedTask) -> Result<(), BoxError> {
        self.call(&Call::Take(Box::new(task.clone())))
    }

    fn finish(&mut self) -> Result<(), BoxError> {
        self.call(&Call::Finish)
    }
}

impl<F> Drop for Notes<F> {
    fn drop(&mut self) {
        self.calls.lock().unwrap().push(Call::Drop);
    }
}

async fn export_with(
    data: &impl Implementation,
    requests: &[&str],
    scope: &CampaignScope,
    before: impl FnMut(&Call) -> Result<(), BoxError> + Send + 'static,
) -> (Vec<Call>, Result<(), ExportError>) {
    let calls = Arc::<Mutex<Vec<Call>>>::default();
    let before: Before = Box::new(before);
    let target = Box::new(Notes { calls: Arc::clone(&calls), before });
    let done = data.exporter().export(&ids(requests), &TaskFilter::default(), scope, target).await;
    let calls = calls.lock().unwrap().clone();
    (calls, done)
}

async fn export(data: &impl Implementation, requests: &[&str]) -> Vec<Call> {
    let (calls, done) = export_with(data, requests, ALL, |_| Ok(())).await;
    done.unwrap();
    calls
}

fn taken(calls: &[Call]) -> Vec<RecordedTask> {
    let tasks = calls.iter().filter_map(|call| if let Call::Take(task) = call { Some((**task).clone()) } else { None });
    tasks.collect()
}

async fn summary(data: &impl Implementation, requests: &[&str]) -> Summary {
    data.summaries().summarize(&ids(requests), &SummaryQuery::default(), ALL).await.unwrap()
}

/// More than one batch of a request.
fn many(request: &str) -> impl Iterator<Item = Task> + Send + use<> {
    let request = request.to_owned();
    (0..2_500).map(move |id| task(&request, id * 7 % 2_500).counts(u32::try_from(id % 3).unwrap(), 1))
}

/// `begin` MUST be called once and first, with the summary that `SummaryRepository` returns for the same requests.
async fn obligation_01(data: &impl Implementation) {
    record(data, many("a").chain([task("b", 1).counts(3, 0).counted_by("objects/2")])).await;
    for requests in [vec!["a"], vec!["b", "a"]] {
        let calls = export(data, &requests).await;
        assert_eq!(calls[0], Call::Begin(Box::new(summary(data, &requests).await)));
        assert!(!calls[1..].iter().any(|call| matches!(call, Call::Begin(_))));
    }
}

/// `take` MUST be called for each task that `find_page` returns, in its order, with its request and counting rule.
async fn obligation_02(data: &impl Implementation) {
    record(data, many("a").chain([task("c", 1)]).chain((0..1_000).map(|id| task("b", -id).counted_by("objects/2"))))
        .await;
    for requests in [vec!["a"], vec!["c", "b", "a"]] {
        let tasks = taken(&export(data, &requests).await);
        let rows: Vec<_> = tasks.iter().map(|task| task.statistics.clone()).collect();
        assert_eq!(rows, statistics_of(data, &requests).await.page.rows);
        for (place, task) in (1..).zip(&tasks) {
            let rule = task.counting_rule.as_ref().map(|rule| rule.as_str().to_owned());
            let is_b = task.annotation_request_id.as_str() == "b";
            assert_eq!((task.place.to_string(), rule), (place.to_string(), is_b.then(|| "objects/2".into())));
        }
        let order: Vec<_> = tasks.iter().map(|task| task.annotation_request_id.as_str()).collect();
        let of_order = requests.iter().flat_map(|id| order.iter().filter(move |of| *of == id)).copied();
        assert_eq!(order, of_order.collect::<Vec<_>>());
    }
}

/// The summary and all tasks MUST be of one snapshot, whatever is recorded meanwhile.
async fn obligation_03<I: Implementation>(data: &I) {
    record(data, many("a").chain([task("b", 1)])).await;
    let before = (summary(data, &["a", "b"]).await, statistics_of(data, &["a", "b"]).await.page.rows);
    let (taking, is_taking) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let wait = move |call: &Call| {
        if *call != Call::Finish && taking.send(()).is_ok() {
            // Until the other end is gone: it writes meanwhile.
            let _ = may_go_on.recv();
        }
        Ok(())
    };
    let exporting = export_with(data, &["a", "b"], ALL, wait);
    let writing = async {
        tokio::task::block_in_place(|| is_taking.recv().unwrap());
        drop(is_taking);
        record(data, [task("a", 1).counts(900, 900), task("b", 2), task("a", 9_999)]).await;
        drop(go_on);
    };
    // Both make progress: whichever is polled first only waits where it may block.
    let ((calls, done), ()) = futures_util::future::join(exporting, writing).await;
    done.unwrap();
    let rows: Vec<_> = taken(&calls).into_iter().map(|task| task.statistics).collect();
    assert_eq!((calls[0].clone(), rows), (Call::Begin(Box::new(before.0)), before.1));
}

/// `finish` MUST be called once and last, and only when all has been taken.
async fn obligation_04(data: &impl Implementation) {
    record(data, many("a")).await;
    let calls = export(data, &["a"]).await;
    assert_eq!(calls.len(), 1 + 2_500 + 2);
    assert_eq!(calls[2_501..], [Call::Finish, Call::Drop]);
    assert_eq!(taken(&calls).len(), 2_500);
}

/// A known request without tasks MUST be exported as no tasks.
async fn obligation_05(data: &impl Implementation) {
    register(data, "bare", Some("x/1")).await;
    record(data, [task("a", 1)]).await;
    assert_eq!(export(data, &["bare"]).await[1..], [Call::Finish, Call::Drop]);
    assert_eq!(taken(&export(data, &["bare", "a"]).await).len(), 1);
}

/// Unknown requests, and those of a campaign outside the scope, MUST be refused as `find_page` refuses them, before
/// `begin`.
async fn obligation_06(data: &impl Implementation) {
    record(data, [task("ours", 1).campaign("ours"), task("theirs", 1).campaign("theirs")]).await;
    let ours = &CampaignScope::Only([CampaignId::new("ours").unwrap()].into());
    for (requested, scope, unknown) in
        [(vec!["theirs", "ours", "no such"], ours, "theirs, no such"), (vec!["z", "ours", "a"], ALL, "z, a")]
    {
        match export_with(data, &requested, scope, |_| Ok(())).await {
            (calls, Err(ExportError::Repository(error @ RepositoryError::UnknownAnnotationRequests(_)))) => {
                assert_eq!(error.to_string(), format!("unknown annotation requests: {unknown}"));
                assert!(calls.is_empty() || calls == [Call::Drop], "{calls:?}");
            }
            other => panic!("{requested:?}: {other:?}"),
        }
    }
    assert_eq!(taken(&export_with(data, &["ours"], ours, |_| Ok(())).await.0).len(), 1);
}

/// Where the target fails, its failure MUST be given back, and the target be called no more.
async fn obligation_07(data: &impl Implementation) {
    record(data, many("a")).await;
    for last in [1, 2, 1_700, 2_502] {
        let mut calls_left = last;
        let fail = move |_: &Call| {
            calls_left -= 1;
            if calls_left == 0 { Err("the target is full".into()) } else { Ok(()) }
        };
        let (calls, done) = export_with(data, &["a"], ALL, fail).await;
        match done {
            Err(ExportError::Target(error)) => assert_eq!(error.to_string(), "the target is full"),
            other => panic!("{last}: {other:?}"),
        }
        assert_eq!((calls.len(), calls.last()), (last + 1, Some(&Call::Drop)), "{last}");
    }
}

/// The target MUST be dropped before the export ends.
async fn obligation_08(data: &impl Implementation) {
    record(data, [task("a", 1)]).await;
    for (requests, fails) in [(vec!["a"], false), (vec!["a"], true), (vec!["unknown"], false)] {
        let (calls, _) =
            export_with(data, &requests, ALL, move |_| if fails { Err("no".into()) } else { Ok(()) }).await;
        assert_eq!(calls.last(), Some(&Call::Drop), "{requests:?}, {fails}");
    }
}

/// An export that no caller waits for any more MUST end, and leave nothing behind.
async fn obligation_09<I: Implementation>(data: &I) {
    record(data, many("a")).await;
    let calls = Arc::<Mutex<Vec<Call>>>::default();
    let (taking, is_taking) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let before: Before = Box::new(move |call| {
        if matches!(call, Call::Take(_)) && taking.send(()).is_ok() {
            let _ = may_go_on.recv();
        }
        Ok(())
    });
    let target = Box::new(Notes { calls: Arc::clone(&calls), before });
    let exporter = data.exporter();
    let export = tokio::spawn(async move { exporter.export(&ids(&["a"]), &TaskFilter::default(), ALL, target).await });
    tokio::task::block_in_place(|| is_taking.recv().unwrap());
    export.abort();
    assert!(export.await.is_err_and(|ended| ended.is_cancelled()));
    drop((is_taking, go_on));
    wait_until("dropped", || calls.lock().unwrap().last() == Some(&Call::Drop));
    assert!(!calls.lock().unwrap().contains(&Call::Finish));
    // All sessions are free again.
    for _ in 0..12 {
        assert_eq!(taken(&self::export(data, &["a"]).await).len(), 2_500);
    }
}

/// Tasks that do not add up to the summary MUST fail with `Corrupt`, and so MUST stored data that breaks a rule.
async fn obligation_10(database: &TestDatabase) {
    record(database, ["gone", "moved", "name"].map(|request| task(request, 1))).await;
    database.execute("ALTER TABLE statistics DROP CONSTRAINT statistics_pool_name_check");
    for (request, sql, reported) in [
        ("gone", "DELETE FROM statistics", "statistics_totals: kept are Totals { tasks: 1, "),
        ("moved", "UPDATE statistics SET frame_num = 2", "statistics_totals: kept are Totals { tasks: 1, "),
        ("name", "UPDATE statistics SET pool_name = ''", "statistics.pool_name of task 1 of `name`: "),
    ] {
        database.execute(&format!("{sql} WHERE annotation_request_id = '{request}'"));
        match export_with(database, &[request], ALL, |_| Ok(())).await {
            (calls, Err(ExportError::Repository(RepositoryError::Corrupt { what }))) => {
                assert!(what.starts_with(reported), "{request}: {what}");
                assert!(!calls.contains(&Call::Finish), "{request}");
            }
            other => panic!("{request}: {other:?}"),
        }
    }
}

/// Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
async fn obligation_11<I: Implementation>(data: &I) {
    record(data, [task("a", 1)]).await;
    data.cut_off();
    let started = Instant::now();
    let (_, refused) = export_with(data, &["a"], ALL, |_| Ok(())).await;
    assert!(matches!(refused, Err(ExportError::Repository(RepositoryError::Unavailable(_)))), "{refused:?}");
    assert!(started.elapsed() < I::TIME_LIMIT, "after {:?}", started.elapsed());
    data.reconnect();
    assert_eq!(taken(&export(data, &["a"]).await).len(), 1);
}
