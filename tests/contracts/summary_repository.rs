//! Holds implementations of the `SummaryRepository` port to its obligations: one test for each MUST of its documentation,
//! in the same words and the same order.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, CountingRuleName, ItemsBy, PoolType, Precondition, RepositoryError,
    Summary, SummaryQuery, SummaryRepository, TaskFilter, TaskId,
};
use annotation_statistics_storage::PostgresSummaryRepository;
use annotation_statistics_tests::{
    Implementation, Task, TestDatabase, held_to, ids, items_of, record, register, statistics_of, stream, task,
    totals_of,
};
use std::collections::BTreeSet;
use std::time::Instant;

mod filters;
mod taxonomies;

use filters::{obligation_11, obligation_12};
use taxonomies::{obligation_13, obligation_14};

held_to! { "summary_repository",
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_08 obligation_09
        obligation_11 obligation_12 obligation_13 obligation_14
    , postgres only:
        obligation_07 obligation_10
}

const ALL: &CampaignScope = &CampaignScope::All;

const EVERYTHING: &SummaryQuery = &SummaryQuery {
    filter: TaskFilter { campaigns: BTreeSet::new(), pool_types: BTreeSet::new(), statuses: BTreeSet::new() },
    items_by: ItemsBy { request: false, pool_type: false, status: false },
};

async fn summarize(data: &impl Implementation, requests: &[&str]) -> Summary {
    data.summaries().summarize(&ids(requests), EVERYTHING, ALL).await.unwrap()
}

/// The summary is that of the rows that are answered for the same requests.
async fn check(data: &impl Implementation, requests: &[&str], reason: &str) {
    let summary = summarize(data, requests).await;
    let rows = statistics_of(data, requests).await.page.rows;
    assert_eq!(summary.totals(), totals_of(&rows), "{reason}");
    let reported = summary.items().iter().map(|item| (item.key.clone(), item.count, item.tasks));
    let expected = items_of(&rows).into_iter().map(|item| (item.key, item.count, item.tasks));
    assert_eq!(reported.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{reason}");
    for pool in PoolType::ALL {
        let of_pool = totals_of(rows.iter().filter(|row| row.pool_type() == pool));
        assert_eq!(summary.pools().get(&pool).copied().unwrap_or_default(), of_pool, "{reason}: {pool:?}");
    }
    for row in &rows {
        let of_status = totals_of(rows.iter().filter(|other| other.status() == row.status()));
        assert_eq!(summary.statuses().get(&row.status()), Some(&of_status), "{reason}: {}", row.status());
    }
    for (request, totals) in summary.requests() {
        let response = statistics_of(data, &[request.id.as_str()]).await;
        assert_eq!((vec![request.revision], *totals), (response.revisions, totals_of(&response.page.rows)), "{reason}");
    }
}

/// Tasks in all pools, with items that come and go.
fn various(request: &str, from: i64, to: i64) -> Vec<Task> {
    let various = (from..to).map(|number| {
        let [some, more] = [3, 7].map(|below| u32::try_from(number % below).unwrap());
        let pool = PoolType::ALL[usize::try_from(number % 6).unwrap()];
        let only_slots = task(request, number).instance_info(&[("car", more), ("bus", some)], more + some, 0);
        let both = task(request, number).instance_info(&[("car", more), ("color", some)], more, some);
        let changed = if number % 2 == 0 { only_slots } else { both };
        changed.pool(pool, "some pool").status(i32::try_from(number % 4).unwrap()).frames(more)
    });
    various.collect()
}

/// The sums MUST be those over all tasks that `StatisticsRepository::find_page` returns for the same requests.
async fn obligation_01(data: &impl Implementation) {
    record(data, various("a", 0, 50).into_iter().chain(various("b", 20, 90)).chain([task("c", 1)])).await;
    for requests in [vec!["a"], vec!["b"], vec!["a", "b"], vec!["c", "b", "a"]] {
        check(data, &requests, "as recorded").await;
    }
    let most = 1 << 31;
    record(data, (0..5).map(move |number| task("huge", number).counts(most, most).frames(most))).await;
    check(data, &["huge", "a"], "more than 32 bits").await;
}

/// They MUST stay so whatever is recorded, changed and deleted.
async fn obligation_02(data: &impl Implementation) {
    record(data, various("a", 0, 40).into_iter().chain(various("b", 0, 9))).await;
    let again = |tasks: Vec<Task>| tasks.into_iter().map(|task| task.status(11).counts(1, 2)).collect::<Vec<_>>();
    for (tasks, reason) in [
        (various("a", 0, 40), "nothing changes"),
        (again(various("a", 5, 15)), "items, pools and statuses go and come"),
        (various("a", 10, 60), "some change back, others are new"),
        (vec![task("a", 3).instance_info(&[("car", 0)], 0, 0).frames(0)], "a count of zero is none"),
        ((0..9).map(|number| task("b", number).instance_info(&[], 0, 0)).collect(), "no item is left"),
    ] {
        record(data, tasks).await;
        check(data, &["a", "b"], reason).await;
    }
    let a = AnnotationRequestId::new("a").unwrap();
    for number in [0, 3, 59, 20, 21, 22] {
        data.registry().delete_task(&a, TaskId::from(number), ALL, Precondition::None).await.unwrap();
        check(data, &["a", "b"], &format!("without task {number}")).await;
    }
    let refused = [various("a", 0, 60), vec![task("a", 1).campaign("other")]].concat();
    data.recorder().record(stream(refused), Precondition::None).await.unwrap_err();
    check(data, &["a", "b"], "what was refused adds nothing").await;
    data.registry().delete(&a, ALL, Precondition::None).await.unwrap();
    record(data, [task("a", 7)]).await;
    check(data, &["a", "b"], "nothing of the first a is left").await;
}

/// They MUST all be of one snapshot, and that of the revisions.
async fn obligation_03(data: &impl Implementation) {
    const ROUNDS: u32 = 40;
    // In round n both requests have n tasks, of n frames and n counts each.
    let round = |n: u32| {
        let both =
            |number| ["a", "b"].map(|request| task(request, number).instance_info(&[("car", n)], n, 0).frames(n));
        (0..i64::from(n)).flat_map(both).collect::<Vec<_>>()
    };
    record(data, round(1)).await;
    let recorder = data.recorder();
    let writer = tokio::spawn(async move {
        for n in 2..=ROUNDS {
            recorder.record(stream(round(n)), Precondition::None).await.unwrap();
        }
    });
    while !writer.is_finished() {
        let summary = summarize(data, &["a", "b"]).await;
        let n = u128::from(summary.totals().tasks) / 2;
        assert_eq!((summary.totals().frames, summary.totals().instances), (n * n * 2, n * n * 2), "round {n}");
        assert_eq!((summary.items()[0].count, summary.items()[0].tasks), (n * n * 2, summary.totals().tasks));
    }
    writer.await.unwrap();
    check(data, &["a", "b"], "at the end").await;
}

/// The requests MUST come in the order given, and the operation items in the byte order of their keys.
async fn obligation_04(data: &impl Implementation) {
    let keys = ["b", "B", "é", "a", "Z", "_"].map(|key| (key, 1));
    record(data, [task("r1", 1).instance_info(&keys, 6, 0), task("r2", 1).instance_info(&keys[..2], 0, 2)]).await;
    for requested in [["r2", "r1"], ["r1", "r2"]] {
        let summary = summarize(data, &requested).await;
        let requests: Vec<_> = summary.requests().iter().map(|(request, _)| request.id.as_str()).collect();
        let items: Vec<_> = summary.items().iter().map(|item| item.key.as_str()).collect();
        assert_eq!((requests.as_slice(), items.as_slice()), (&requested[..], &["B", "Z", "_", "a", "b", "é"][..]));
    }
}

/// A known request without tasks MUST add nothing.
async fn obligation_05(data: &impl Implementation) {
    register(data, "bare", Some("x/1")).await;
    record(data, [task("a", 1)]).await;
    check(data, &["bare"], "alone").await;
    check(data, &["bare", "a"], "beside another").await;
    let (bare, _) = &summarize(data, &["a", "bare"]).await.requests()[1].clone();
    assert_eq!(bare.counting_rule.as_ref().map(CountingRuleName::as_str), Some("x/1"));
    assert_eq!((bare.campaign_id.as_str(), bare.groups.len()), ("1001", 0));
}

/// Unknown requests, and those of a campaign outside the scope, MUST be refused as `find_page` refuses them.
async fn obligation_06(data: &impl Implementation) {
    record(data, [task("ours", 1).campaign("ours"), task("theirs", 1).campaign("theirs")]).await;
    let ours = &CampaignScope::Only([CampaignId::new("ours").unwrap()].into());
    for (requested, scope, unknown) in
        [(vec!["theirs", "ours", "no such"], ours, "theirs, no such"), (vec!["z", "ours", "a"], ALL, "z, a")]
    {
        match data.summaries().summarize(&ids(&requested), EVERYTHING, scope).await {
            Err(error @ RepositoryError::UnknownAnnotationRequests(_)) => {
                assert_eq!(error.to_string(), format!("unknown annotation requests: {unknown}"));
            }
            other => panic!("{requested:?}: {other:?}"),
        }
    }
    assert_eq!(data.summaries().summarize(&ids(&["ours"]), EVERYTHING, ours).await.unwrap().totals().tasks, 1);
}

/// Kept sums that do not agree with each other MUST fail with `Corrupt`.
async fn obligation_07(database: &TestDatabase) {
    for (number, (sql, reported)) in [
        ("UPDATE statistics_totals SET tasks = 2", "the sums of `{request}` are of 2 tasks, it has 1"),
        ("DELETE FROM statistics_totals", "the sums of `{request}` are of 0 tasks, it has 1"),
        (
            "UPDATE statistics_totals SET instances = 13",
            "the operation items add up to 56, instances and attributes to 57",
        ),
        ("DELETE FROM operation_item_totals", "the operation items add up to 0, instances and attributes to 56"),
    ]
    .into_iter()
    .enumerate()
    {
        let request = format!("request {number}");
        record(database, [task(&request, 1)]).await;
        database.execute(&format!("{sql} WHERE annotation_request_id = '{request}'"));
        match database.summaries().summarize(&ids(&[&request]), EVERYTHING, ALL).await {
            Err(RepositoryError::Corrupt { what }) => {
                let expected = reported.replace("{request}", &request);
                assert_eq!(what, format!("statistics_totals, operation_item_totals: {expected}"));
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
}

/// Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
async fn obligation_08<I: Implementation>(data: &I) {
    record(data, [task("a", 1)]).await;
    data.cut_off();
    let started = Instant::now();
    let refused = data.summaries().summarize(&ids(&["a"]), EVERYTHING, ALL).await;
    assert!(matches!(refused, Err(RepositoryError::Unavailable(_))), "{refused:?}");
    assert!(started.elapsed() < I::TIME_LIMIT, "after {:?}", started.elapsed());
    let recent = data.summaries().find_recent(1, ALL).await;
    assert!(matches!(recent, Err(RepositoryError::Unavailable(_))), "{recent:?}");
    data.reconnect();
    check(data, &["a"], "it heals by itself").await;
}

/// `find_recent` MUST return the requests in the scope that were changed last, the latest first, and no more than
/// requested.
async fn obligation_09(data: &impl Implementation) {
    let recent = async |most, scope: &CampaignScope| {
        let found = data.summaries().find_recent(most, scope).await.unwrap();
        found.iter().map(|request| request.id.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(recent(9, ALL).await, "", "there are none");
    for (request, campaign) in [("a", "1"), ("b", "2"), ("c", "1"), ("d", "2")] {
        record(data, [task(request, 1).campaign(campaign)]).await;
    }
    register(data, "empty", None).await;
    assert_eq!(recent(9, ALL).await, "empty d c b a");
    record(data, [task("b", 2).campaign("2")]).await;
    record(data, [task("c", 1).campaign("1")]).await;
    assert_eq!(recent(3, ALL).await, "b empty d", "what is recorded again is no change");
    let only = |campaigns: &[&str]| {
        CampaignScope::Only(campaigns.iter().map(|campaign| CampaignId::new(*campaign).unwrap()).collect())
    };
    for (scope, most, expected) in
        [(only(&["1"]), 9, "c a"), (only(&["2", "1"]), 2, "b d"), (only(&["3"]), 9, ""), (only(&[]), 9, "")]
    {
        assert_eq!(recent(most, &scope).await, expected, "{scope:?}");
    }
    let known = data.registry().find(&AnnotationRequestId::new("b").unwrap(), ALL).await.unwrap();
    assert_eq!(data.summaries().find_recent(1, ALL).await.unwrap(), [known], "as the registry tells it");
}

/// Sums that need more memory than the implementation's limit MUST fail with `SummaryTooLarge`.
async fn obligation_10(database: &TestDatabase) {
    record(database, [task("items", 1).items(1_000), task("some", 1).items(10)]).await;
    record(database, (0..1_000_i32).map(|status| task("statuses", status.into()).items(1).status(status))).await;
    let limited = |bytes| PostgresSummaryRepository::new(database.database()).with_max_summary(bytes);
    for (requests, bytes, is_refused) in [
        (&["items"][..], 50_000, true),
        (&["statuses"], 50_000, true),
        (&["some"], 50_000, false),
        (&["some", "items"], 80_000, true),
        (&["items", "statuses"], 100_000, true),
        (&["items"], 100_000, false),
        (&["statuses"], 100_000, false),
        (&["some"], 10, true),
    ] {
        match limited(bytes).summarize(&ids(requests), EVERYTHING, ALL).await {
            Ok(summary) if !is_refused => assert_eq!(summary, summarize(database, requests).await),
            Err(RepositoryError::SummaryTooLarge { limit }) if is_refused => assert_eq!(limit, bytes),
            other => panic!("{requests:?} in {bytes} bytes: {other:?}"),
        }
    }
    check(database, &["items", "statuses", "some"], "and the session is good yet").await;
}
