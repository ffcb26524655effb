//! `list` and `show` print what the service lists.

use crate::PROGRAM;
use annotation_statistics_domain::PoolType;
use annotation_statistics_tests::{Program, RunningService, TestDatabase, record, task};
use serde_json::Value;

async fn recorded() -> TestDatabase {
    let database = TestDatabase::new();
    for number in 0..3 {
        record(&database, [task(&format!("order {number}"), 1).counted_by("objects/2"), task("other", number)]).await;
    }
    record(&database, [task("order 1", 2).pool(PoolType::Check, "check").counted_by("objects/2")]).await;
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_listed_and_shown_as_the_service_lists_them() {
    let database = recorded().await;
    let settings = format!("database.url = {:?}\ndatabase.connect_timeout = '10s'", database.url());
    let (program, service) = (Program::new(PROGRAM, &settings), RunningService::on(&database));
    for (arguments, query) in [
        (vec!["list", "--json"], ""),
        (vec!["list", "--json", "order"], "q=order"),
        (vec!["list", "--json", "--status", "open", "--campaign", "1001"], "status=open&campaignId=1001"),
        (vec!["show", "--json", "order 1"], "q=order%201"),
        (vec!["list", "--json", "nothing"], "q=nothing"),
        (vec!["list", "--json", "--changed-since", "2025-04-08"], "changedSince=2025-04-08"),
        (vec!["list", "--json", "--changed-since", "9999-01-01"], "changedSince=9999-01-01"),
    ] {
        let listed = program.run(&arguments);
        assert_eq!((listed.code, listed.err.as_str()), (Some(0), ""), "{arguments:?}");
        let lines: Vec<Value> = listed.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let served = service.get(&format!("/annotation-requests?{query}")).data["data"].clone();
        assert_eq!(Value::from(lines), served, "{arguments:?}");
    }
    let shown = program.run(&["show", "order 1"]);
    let expected =
        "order 1  campaign 1001  open: 1 of 2 tasks complete, 24 instances, 88 attributes, 2 frames, changed ";
    assert!(shown.code == Some(0) && shown.out.starts_with(expected), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_one_is_refused_with_a_hint_and_a_longer_list_is_said_to_be_longer() {
    let database = recorded().await;
    let settings = format!("database.url = {:?}\ndatabase.connect_timeout = '10s'", database.url());
    let program = Program::new(PROGRAM, &settings);
    let unknown = program.run(&["show", "rder 2"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (Some(1), ""));
    assert!(unknown.err.contains("unknown annotation request: rder 2; is `order 2` meant?"), "{unknown:?}");
    let cut = program.run(&["list", "--limit", "2"]);
    assert_eq!((cut.code, cut.out.lines().count()), (Some(0), 2));
    assert_eq!(cut.err, "there are more than 2; --limit lists more\n");
    for (option, value) in [("--status", "done"), ("--changed-since", "yesterday"), ("--changed-since", "2025-02-30")] {
        let refused = program.run(&["list", option, value]);
        assert!(refused.code == Some(2) && refused.err.contains(&format!("{option} must be ")), "{refused:?}");
    }
}
