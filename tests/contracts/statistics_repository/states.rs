//! The states of requests, without their tasks.

use annotation_statistics_domain::{
    CampaignId, CampaignScope, Precondition, RepositoryError, RequestState, Revision, StatisticsRepository,
};
use annotation_statistics_tests::{
    CORRUPTIONS, Corruption, Implementation, TestDatabase, ids, page, record, register, statistics_of, task,
};
use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

const ALL: &CampaignScope = &CampaignScope::All;

async fn states_of(data: &impl Implementation, requests: &[&str]) -> Vec<RequestState> {
    data.repository().find_states(&ids(requests), ALL).await.unwrap()
}

/// `find_states` MUST return the number of tasks, the revision and the counting rule of each request, in the order
/// given, as `find_page` returns them.
pub(super) async fn obligation_17(data: &impl Implementation) {
    register(data, "bare", Some("keyframes/2")).await;
    record(data, [task("b", 1), task("a", 1), task("a", 2).frames(3), task("c", 9).counted_by("objects/2")]).await;
    record(data, [task("a", 3), task("b", 1).frames(2)]).await;
    for requests in [&["a"][..], &["bare"], &["b", "a", "bare", "c"], &["c", "bare", "a", "b"]] {
        let page = statistics_of(data, requests).await;
        let states = states_of(data, requests).await;
        assert_eq!(states.iter().map(|state| state.revision).collect::<Vec<_>>(), page.revisions, "{requests:?}");
        let rules: Vec<_> = states.iter().map(|state| state.counting_rule.clone()).collect();
        assert_eq!(rules, page.counting_rules, "{requests:?}");
        let expected =
            requests.iter().map(|id| [("a", 3), ("b", 1), ("bare", 0), ("c", 1)].into_iter().find(|(of, _)| of == id));
        let counts: Vec<u64> = states.iter().map(|state| state.task_count).collect();
        assert_eq!(counts, expected.map(|found| found.unwrap().1).collect::<Vec<_>>(), "{requests:?}");
        assert_eq!(counts.iter().sum::<u64>(), page.page.count, "{requests:?}");
    }
}

/// The states MUST be of one and the same snapshot.
pub(super) async fn obligation_18(data: &impl Implementation) {
    const ROUNDS: u32 = 60;
    const REQUESTS: [&str; 3] = ["a", "b", "c"];
    // After round n each request has n + 1 tasks.
    let round = |n: u32| REQUESTS.map(|request| task(request, n.into()));
    record(data, round(0)).await;
    let (recorder, repository) = (data.recorder(), data.repository());
    let writer = tokio::spawn(async move {
        for n in 1..=ROUNDS {
            recorder.record(annotation_statistics_tests::stream(round(n)), Precondition::None).await.unwrap();
        }
    });
    let mut rounds: HashMap<Vec<Revision>, u64> = HashMap::new();
    let mut check = |states: Vec<RequestState>| {
        let counts: BTreeSet<u64> = states.iter().map(|state| state.task_count).collect();
        assert_eq!(counts.len(), 1, "the requests have as many tasks as each other");
        let count = counts.into_iter().next().unwrap();
        let revisions = states.into_iter().map(|state| state.revision).collect();
        assert_eq!(*rounds.entry(revisions).or_insert(count), count, "the revisions are those of the round");
    };
    while !writer.is_finished() {
        check(repository.find_states(&ids(&REQUESTS), ALL).await.unwrap());
    }
    writer.await.unwrap();
    check(repository.find_states(&ids(&REQUESTS), ALL).await.unwrap());
    assert_eq!(rounds.values().max(), Some(&u64::from(ROUNDS + 1)));
}

/// Unknown requests, and those of a campaign outside the scope, MUST be refused by `find_states` as `find_page` refuses
/// them.
pub(super) async fn obligation_19(data: &impl Implementation) {
    record(data, [task("ours", 1).campaign("ours"), task("theirs", 2).campaign("theirs")]).await;
    let repository = data.repository();
    let ours = CampaignScope::Only([CampaignId::new("ours").unwrap()].into());
    let nobody = CampaignScope::Only([].into());
    for (requested, scope, unknown) in [
        (&["ours", "theirs"][..], ALL, None),
        (&["ours"], &ours, None),
        (&["z", "ours", "a"], ALL, Some("z, a")),
        (&["theirs"], &ours, Some("theirs")),
        (&["no such", "ours", "theirs"], &ours, Some("no such, theirs")),
        (&["ours"], &nobody, Some("ours")),
    ] {
        let states = repository.find_states(&ids(requested), scope).await.map(|states| states.len());
        let found = repository.find_page(&ids(requested), page(1, 10), scope).await.map(|found| found.revisions.len());
        let expected = unknown.map_or(Ok(requested.len()), |ids| Err(format!("unknown annotation requests: {ids}")));
        assert_eq!(states.map_err(|error| error.to_string()), expected, "{requested:?}");
        assert_eq!(found.map_err(|error| error.to_string()), expected, "{requested:?}");
    }
}

/// Where the data cannot be reached within the implementation's time limit `find_states` MUST fail with `Unavailable`.
pub(super) async fn obligation_20<I: Implementation>(data: &I) {
    record(data, [task("a", 1)]).await;
    data.cut_off();
    let started = Instant::now();
    let refused = data.repository().find_states(&ids(&["a"]), ALL).await;
    assert!(matches!(refused, Err(RepositoryError::Unavailable(_))), "{refused:?}");
    assert!(started.elapsed() < I::TIME_LIMIT, "after {:?}", started.elapsed());
    data.reconnect();
    assert_eq!(states_of(data, &["a"]).await.len(), 1, "it heals by itself");
}

/// A stored state that breaks a rule of the domain MUST fail `find_states` with `Corrupt`.
pub(super) async fn obligation_21(database: &TestDatabase) {
    database.execute(Corruption::UNGUARD);
    record(database, [task("sound", 1)]).await;
    let broken = CORRUPTIONS.iter().filter(|corruption| corruption.reported.contains(" of `{request}`: "));
    let broken = broken.filter(|corruption| corruption.reported.starts_with("annotation_requests."));
    let mut checked = 0;
    for (number, Corruption { reason, sql, reported }) in broken.enumerate() {
        let request = format!("request {number}");
        record(database, [task(&request, 1)]).await;
        database.execute(&sql.replace("{request}", &request));
        for requested in [&[request.as_str()][..], &["sound", &request]] {
            match database.repository().find_states(&ids(requested), ALL).await {
                Err(RepositoryError::Corrupt { what }) => {
                    assert_eq!(what, reported.replace("{request}", &request), "{reason}");
                }
                other => panic!("{reason}: {other:?}"),
            }
        }
        assert_eq!(states_of(database, &["sound"]).await.len(), 1, "{reason}: others are known still");
        checked += 1;
    }
    assert_eq!(checked, 2);
}

/// A revision MUST never be that of two states of a request, so that what was read at a revision stays true of it.
pub(super) async fn obligation_22(data: &impl Implementation) {
    let mut seen = BTreeSet::new();
    let mut is_new = async || {
        let revision = states_of(data, &["a"]).await.first().unwrap().revision;
        assert!(seen.insert(revision.number()), "{revision:?} again");
    };
    for _ in 0..3 {
        record(data, [task("a", 1)]).await;
        is_new().await;
        for frames in [2, 3, 2] {
            record(data, [task("a", 1).frames(frames)]).await;
            is_new().await;
        }
        record(data, [task("a", 2)]).await;
        is_new().await;
        let deleted = data.registry().delete(ids(&["a"]).as_slice().first().unwrap(), ALL, Precondition::None).await;
        deleted.unwrap();
    }
}
