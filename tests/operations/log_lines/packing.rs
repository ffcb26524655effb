//! The line about gaps of deleted tasks that cannot be closed.

use super::{admin_of, lines, program};
use annotation_statistics_tests::{MetricsPage, TestDatabase, record, task, wait_until};
use rustix::process::Signal;
use serde_json::Value;

#[tokio::test]
async fn gaps_that_cannot_be_closed_are_one_line_with_the_request_and_the_cause_and_each_attempt_is_counted() {
    let database = TestDatabase::new();
    record(&database, (0..4).map(|number| task("a", number))).await;
    database.execute("ALTER TABLE statistics ADD CONSTRAINT not_first CHECK (position > 0) NOT VALID");
    let program = program(&database, "writes.packing_min_gaps = 1\nwrites.packing_tasks_per_gap = 1000");
    let mut serving = program.serve(&[]);
    let failures = || {
        let metrics = MetricsPage::of(&admin_of(&serving).fetch("GET", "/metrics", ""));
        metrics.value("annotation_statistics_packing_failures_total")
    };
    for (number, before) in [(0, 0.5), (1, 1.5)] {
        let task = format!("/annotation-requests/a/statistics/{number}");
        assert_eq!(serving.connect().fetch("DELETE", &task, "").status, 200);
        wait_until("it has failed", || failures() > before);
    }
    assert_eq!(serving.stop(Signal::TERM), Some(0));
    let lines = lines(&serving);
    let is_told = |line: &&Value| line["message"] == "the gaps of deleted tasks cannot be closed, which is tried again";
    let [line] = lines.iter().filter(is_told).collect::<Vec<_>>()[..] else { panic!("{}", serving.log()) };
    assert_eq!((&line["level"], &line["request"]), (&"WARN".into(), &"a".into()));
    assert!(line["cause"].as_str().unwrap().contains("not_first"), "{line}");
}
