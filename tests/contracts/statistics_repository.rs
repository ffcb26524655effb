//! Holds implementations of the `StatisticsRepository` port to its obligations: one test for each MUST of its
//! documentation, in the same words and the same order.

use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CampaignScope, Precondition, RepositoryError, Revision, StatisticsPage,
    StatisticsRepository,
};
use annotation_statistics_tests::{
    CORRUPTIONS, Corruption, Implementation, TestDatabase, held_to, ids, page, record, register, statistics_of, task,
    task_ids,
};
use std::collections::HashMap;
use std::time::Instant;

// In memory 14 and 21 cannot be missed: what it stores are values of the domain, which cannot break its rules. Nor has it a limit as in
// 16 and 25, since it holds all that it answers anyway.
held_to! { "statistics_repository",
    everywhere:
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_10 obligation_11 obligation_12 obligation_13 obligation_15 obligation_17 obligation_18
        obligation_19 obligation_20 obligation_22 obligation_23 obligation_24
    , postgres only:
        obligation_14 obligation_16 obligation_21 obligation_25
}

/// Where requests are sharded, each is read by itself: the same obligations for that.
mod postgres_as_if_sharded {
    use annotation_statistics_tests::{AsIfSharded, Implementation, held_to};

    macro_rules! held_to_each {
        ($($obligation:ident)+) => {
            $(held_to!(@test "statistics_repository", Implementation, AsIfSharded, $obligation);)+
        };
    }

    held_to_each! {
        obligation_01 obligation_02 obligation_03 obligation_04 obligation_05 obligation_06 obligation_07 obligation_08
        obligation_09 obligation_10 obligation_11 obligation_12 obligation_13 obligation_15 obligation_17 obligation_18
        obligation_19 obligation_20 obligation_22 obligation_23 obligation_24
    }
}

mod concatenated_pages;
mod large_pages;
mod states;
mod whitelists;
use large_pages::*;
use states::*;
use whitelists::*;

/// `find_page` MUST return the tasks of the requests in the order in which the requests are given.
async fn obligation_01(data: &impl Implementation) {
    record(data, [task("a", 1), task("b", 2), task("c", 3), task("a", 4), task("b", 5)]).await;
    for (requested, expected) in
        [(["a", "b", "c"], [1, 4, 2, 5, 3]), (["c", "b", "a"], [3, 2, 5, 1, 4]), (["b", "c", "a"], [2, 5, 3, 1, 4])]
    {
        assert_eq!(task_ids(&statistics_of(data, &requested).await.page.rows), expected, "{requested:?}");
    }
    let across = data.repository().find_page(&ids(&["c", "a", "b"]), page(2, 2), &CampaignScope::All).await.unwrap();
    assert_eq!(across.page.rows, [task("a", 4).statistics(), task("b", 2).statistics()], "a page across requests");
}

/// Within a request it MUST return the tasks in the order in which they were first recorded.
async fn obligation_02(data: &impl Implementation) {
    record(data, [task("a", 30), task("b", 7), task("a", i64::MIN), task("a", 20)]).await;
    record(data, [task("a", i64::MAX), task("b", 6), task("a", 10)]).await;
    assert_eq!(task_ids(&statistics_of(data, &["a"]).await.page.rows), [30, i64::MIN, 20, i64::MAX, 10]);
}

/// An update of a task MUST NOT change its place.
async fn obligation_03(data: &impl Implementation) {
    record(data, [task("a", 1), task("a", 2), task("a", 3)]).await;
    let (third, first) = (task("a", 3).frames(33), task("a", 1).counts(0, 9).status(7));
    record(data, [third.clone(), first.clone()]).await;
    let expected = [first.statistics(), task("a", 2).statistics(), third.statistics()];
    assert_eq!(statistics_of(data, &["a"]).await.page.rows, expected);
}

/// A task recorded later MUST only be appended to its request.
async fn obligation_04(data: &impl Implementation) {
    let mut expected = vec![500];
    record(data, [task("a", 500)]).await;
    for later in [400, 600, 100, 900] {
        record(data, [task("a", later), task("b", later), task("a", 500).frames(1)]).await;
        expected.push(later);
        assert_eq!(task_ids(&statistics_of(data, &["a"]).await.page.rows), expected);
    }
}

/// `count` MUST be the number of tasks of all the given requests, whatever the page.
async fn obligation_05(data: &impl Implementation) {
    record(data, (0..7).map(|id| task("a", id))).await;
    record(data, (0..5).map(|id| task("b", id))).await;
    record(data, (0..9).map(|id| task("not asked", id))).await;
    for (number, limit) in [(1, 1), (12, 1), (1, 12), (1, 100), (2, 5), (3, 5), (4, 5), (u64::MAX, u32::MAX)] {
        let response =
            data.repository().find_page(&ids(&["b", "a"]), page(number, limit), &CampaignScope::All).await.unwrap();
        assert_eq!(response.page.count, 12, "page {number} of pages with {limit}");
    }
}

/// `count`, the rows and the revisions MUST be of one and the same snapshot.
async fn obligation_06(data: &impl Implementation) {
    const ROUNDS: u32 = 60;
    const REQUESTS: [&str; 3] = ["a", "b", "c"];
    // In round n every task has n frames, and each request has n + 1 tasks.
    let round = |n: u32| {
        let tasks = REQUESTS.iter().flat_map(move |request| (0..=n).map(move |id| task(request, id.into()).frames(n)));
        tasks.collect::<Vec<_>>()
    };
    record(data, round(0)).await;
    let (recorder, repository) = (data.recorder(), data.repository());
    let writer = tokio::spawn(async move {
        for n in 1..=ROUNDS {
            recorder.record(annotation_statistics_tests::stream(round(n)), Precondition::None).await.unwrap();
        }
    });
    let mut rounds: HashMap<Vec<Revision>, u64> = HashMap::new();
    let mut check = |requests: u64, response: StatisticsPage| {
        let n = response.page.count / requests - 1;
        assert_eq!(response.page.count % requests, 0, "the requests have as many tasks as each other");
        let frames: Vec<i64> = response.page.rows.iter().map(|row| row.frame_num().get()).collect();
        assert!(frames.iter().all(|frames| u64::try_from(*frames) == Ok(n)), "{frames:?} in round {n}");
        assert_eq!(*rounds.entry(response.revisions).or_insert(n), n, "the revisions are those of the round");
    };
    while !writer.is_finished() {
        for requested in [page(1, 1000), page(2, 2), page(1, 1), page(1000, 10)] {
            check(3, repository.find_page(&ids(&REQUESTS), requested, &CampaignScope::All).await.unwrap());
            check(1, repository.find_page(&ids(&["c"]), requested, &CampaignScope::All).await.unwrap());
        }
    }
    writer.await.unwrap();
    check(3, repository.find_page(&ids(&REQUESTS), page(1, 1000), &CampaignScope::All).await.unwrap());
    assert_eq!(rounds.values().max(), Some(&u64::from(ROUNDS)));
}

/// A page past the end MUST be empty and carry the true `count`.
async fn obligation_07(data: &impl Implementation) {
    record(data, (0..10).map(|id| task("a", id))).await;
    for (number, limit) in [(2, 10), (3, 5), (11, 1), (u64::MAX, 1), (u64::MAX, u32::MAX)] {
        let response =
            data.repository().find_page(&ids(&["a"]), page(number, limit), &CampaignScope::All).await.unwrap();
        assert_eq!((response.page.count, response.page.rows), (10, vec![]), "page {number} of pages with {limit}");
    }
}

/// Where any given request is unknown it MUST fail with `UnknownAnnotationRequests`, naming each unknown one in the
/// order given, and return nothing else.
async fn obligation_08(data: &impl Implementation) {
    record(data, [task("known", 1), task("KNOWN TOO", 2)]).await;
    for (requested, expected, reason) in [
        (vec!["zz"], vec!["zz"], "nothing else is asked"),
        (vec!["z", "known", "a", "KNOWN TOO", "m"], vec!["z", "a", "m"], "known ones do not help"),
        (vec!["known too", "Known", "known "], vec!["known too", "Known", "known "], "ids are compared by byte"),
    ] {
        for requested_page in [page(1, 10), page(1000, 10)] {
            match data.repository().find_page(&ids(&requested), requested_page, &CampaignScope::All).await {
                Err(RepositoryError::UnknownAnnotationRequests(unknown)) => {
                    let unknown: Vec<&str> = unknown.iter().map(AnnotationRequestId::as_str).collect();
                    assert_eq!(unknown, expected, "{reason}");
                }
                other => panic!("{reason}: {other:?}"),
            }
        }
    }
}

/// A known request without tasks MUST have no rows.
async fn obligation_09(data: &impl Implementation) {
    register(data, "bare", None).await;
    record(data, [task("a", 1)]).await;
    let alone = statistics_of(data, &["bare"]).await;
    assert_eq!((alone.page.count, alone.page.rows, alone.revisions.len()), (0, vec![], 1));
    let beside = statistics_of(data, &["bare", "a"]).await;
    assert_eq!((beside.page.count, beside.page.rows, beside.revisions.len()), (1, vec![task("a", 1).statistics()], 2));
}

/// The revisions MUST be those of the given requests, in the order given, and a revision MUST change exactly when a
/// task or the counting rule of its request changes.
async fn obligation_10(data: &impl Implementation) {
    record(data, [task("a", 1), task("b", 1)]).await;
    let mut before = statistics_of(data, &["a", "b"]).await.revisions;
    for (tasks, a_changes, b_changes, reason) in [
        (vec![task("a", 1), task("b", 1)], false, false, "nothing is different"),
        (vec![task("a", 1).frames(2)], true, false, "a task is updated"),
        (vec![task("a", 1), task("b", 2)], true, true, "a task is updated back, another one appended"),
        (vec![task("a", 1), task("b", 1), task("b", 3)], false, true, "a task is appended, others are as they were"),
        (vec![task("c", 1)], false, false, "another request"),
        (vec![], false, false, "nothing at all"),
    ] {
        record(data, tasks).await;
        let after = statistics_of(data, &["a", "b"]).await.revisions;
        let changed: Vec<bool> = before.iter().zip(&after).map(|(before, after)| before != after).collect();
        assert_eq!(changed, [a_changes, b_changes], "{reason}");
        assert!(before.iter().zip(&after).all(|(before, after)| before <= after), "{reason}: it only grows");
        let reversed: Vec<Revision> = after.iter().rev().copied().collect();
        assert_eq!(statistics_of(data, &["b", "a"]).await.revisions, reversed, "{reason}: in the order asked");
        before = after;
    }
    let bare = register(data, "bare", None).await;
    assert_eq!(register(data, "bare", None).await.revision, bare.revision, "it is only confirmed");
    let ruled = register(data, "bare", Some("objects/2")).await;
    assert!(ruled.revision > bare.revision, "a rule is set");
    assert_eq!(statistics_of(data, &["bare"]).await.revisions, [ruled.revision]);
}

/// The counting rules MUST be those of the given requests, in the order given.
async fn obligation_11(data: &impl Implementation) {
    register(data, "registered", Some("keyframes/2")).await;
    record(data, [task("recorded", 1).counted_by("objects/2"), task("unstated", 1)]).await;
    let reported = |requested: &'static [&'static str]| async move {
        let rules = statistics_of(data, requested).await.counting_rules;
        rules.into_iter().map(|rule| rule.map_or_else(String::new, |rule| rule.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(reported(&["recorded", "unstated", "registered"]).await, ["objects/2", "", "keyframes/2"]);
    assert_eq!(reported(&["registered", "recorded"]).await, ["keyframes/2", "objects/2"]);
}

/// A request of a campaign outside the scope MUST be treated exactly as an unknown one.
async fn obligation_12(data: &impl Implementation) {
    record(data, [task("ours", 1).campaign("ours"), task("theirs", 2).campaign("theirs")]).await;
    let ours = CampaignScope::Only([CampaignId::new("ours").unwrap()].into());
    let nobody = CampaignScope::Only([].into());
    let refused = async |requested: &[&str], scope: &CampaignScope| {
        let response = data.repository().find_page(&ids(requested), page(1, 10), scope).await;
        response.map(|found| found.page.count).map_err(|error| error.to_string())
    };
    assert_eq!(refused(&["ours"], &ours).await, Ok(1));
    for (requested, scope, unknown) in [
        (vec!["theirs"], &ours, "theirs"),
        (vec!["no such", "ours", "theirs"], &ours, "no such, theirs"),
        (vec!["ours"], &nobody, "ours"),
    ] {
        assert_eq!(refused(&requested, scope).await, Err(format!("unknown annotation requests: {unknown}")));
    }
}

/// Where the data cannot be reached within the implementation's time limit it MUST fail with `Unavailable`.
async fn obligation_13<I: Implementation>(data: &I) {
    record(data, [task("a", 1)]).await;
    data.cut_off();
    let started = Instant::now();
    let refused = data.repository().find_page(&ids(&["a"]), page(1, 10), &CampaignScope::All).await;
    assert!(matches!(refused, Err(RepositoryError::Unavailable(_))), "{refused:?}");
    assert!(started.elapsed() < I::TIME_LIMIT, "after {:?}", started.elapsed());
    data.reconnect();
    assert_eq!(statistics_of(data, &["a"]).await.page.count, 1, "it heals by itself");
}

/// Stored data that breaks a rule of the domain MUST fail with `Corrupt`, never be repaired or left out.
async fn obligation_14(database: &TestDatabase) {
    database.execute(Corruption::UNGUARD);
    record(database, [task("sound", 1)]).await;
    for (number, Corruption { reason, sql, reported }) in CORRUPTIONS.iter().enumerate() {
        let request = format!("request {number}");
        record(database, [task(&request, 1), task(&request, 2), task(&request, 3)]).await;
        database.execute(&sql.replace("{request}", &request));
        match database.repository().find_page(&ids(&[&request]), page(1, 10), &CampaignScope::All).await {
            Err(RepositoryError::Corrupt { what }) => {
                assert_eq!(what, reported.replace("{request}", &request), "{reason}");
            }
            other => panic!("{reason}: {other:?}"),
        }
        let beside =
            database.repository().find_page(&ids(&["sound", &request]), page(1, 10), &CampaignScope::All).await;
        assert!(matches!(beside, Err(RepositoryError::Corrupt { .. })), "{reason}: {beside:?}");
        assert_eq!(statistics_of(database, &["sound"]).await.page.count, 1, "{reason}: others are answered still");
    }
}

/// `check_ready` MUST succeed exactly when queries can be run.
async fn obligation_15(data: &impl Implementation) {
    let repository = data.repository();
    repository.check_ready().await.unwrap();
    data.cut_off();
    let refused = repository.check_ready().await;
    assert!(matches!(refused, Err(RepositoryError::Unavailable(_))), "{refused:?}");
    data.reconnect();
    repository.check_ready().await.unwrap();
}
