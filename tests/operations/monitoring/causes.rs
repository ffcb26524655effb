//! One page for one cause: which alerts are silent beside which, and what each of them is about.

use super::alerts;
use annotation_statistics_storage::DatabaseError;
use annotation_statistics_tests::Repository;

const JOB: &str = r#"job="annotation-statistics""#;
const POOLS: [&str; 6] = ["read", "write", "export", "nonce", "primary_read", "primary_export"];

/// What stands between the marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(inner, _)| inner)
}

/// The alerts beside which one is silent.
fn causes(query: &str) -> Vec<&str> {
    let Some(selector) = between(query, "ALERTS{alertname=", "}") else { return Vec::new() };
    selector.trim_start_matches('~').trim_matches('"').split('|').collect()
}

/// Whether a selection matches this value of a label; one that does not name the label matches any.
fn matches(selection: &str, label: &str, value: &str) -> bool {
    let is = |operator: &str| between(selection, &format!("{label}{operator}\""), "\"");
    let is_one_of = |list: &str| list.split('|').any(|one| one == value);
    is("=").is_none_or(|one| one == value)
        && is("=~").is_none_or(is_one_of)
        && is("!~").is_none_or(|list| !is_one_of(list))
}

#[test]
fn every_alert_is_about_the_job_that_the_document_names() {
    let document = Repository::real().text("docs/OPERATIONS.md");
    assert_eq!(document.matches("- job_name: annotation-statistics\n").count(), 2, "on a machine, and in Kubernetes");
    for (name, query) in alerts() {
        let selections = query.match_indices('{').filter(|(place, _)| !query[..*place].ends_with("ALERTS"));
        let mut number = 0;
        for (place, _) in selections {
            assert!(query[place + 1..].starts_with(JOB), "{name}: {}", &query[place..]);
            number += 1;
        }
        assert!(number > 0, "{name}");
    }
}

#[test]
fn an_alert_is_silent_beside_earlier_ones_only_so_that_no_two_silence_each_other() {
    let alerts = alerts();
    for (place, (name, query)) in alerts.iter().enumerate() {
        for cause in causes(query) {
            let is_earlier = alerts[..place].iter().any(|(earlier, _)| *earlier == cause);
            assert!(is_earlier, "{name} is silent beside {cause}, which is not above it");
        }
    }
}

#[test]
fn a_database_that_is_away_pages_once() {
    let consequences = ["ready", "database_refusals", "http_requests", "http_request_duration", "database_retries"];
    let text = Repository::real().text("docs/operations/alerts.yml");
    for (name, query) in alerts() {
        let follows = consequences.iter().any(|metric| query.contains(&format!("annotation_statistics_{metric}")));
        let is_its_own = ["StatisticsDatabaseAway", "StatisticsCorrupt", "StatisticsBroken"].contains(&name);
        let rule = between(text, &format!("alert: {name}\n"), "annotations").unwrap();
        if follows && !is_its_own && rule.contains("severity: page") {
            assert!(causes(query).contains(&"StatisticsDatabaseAway"), "{name}");
        }
    }
}

#[test]
fn every_reason_for_which_work_is_not_done_is_that_of_one_alert() {
    for pool in POOLS {
        for reason in DatabaseError::REASONS {
            let about: Vec<_> = alerts()
                .into_iter()
                .filter(|(_, query)| {
                    let selection = between(query, "annotation_statistics_database_refusals_total{", "}");
                    selection.is_some_and(|selection| {
                        matches(selection, "pool", pool) && matches(selection, "reason", reason)
                    })
                })
                .map(|(name, _)| name)
                .collect();
            let expected = usize::from(reason != "stopping");
            assert_eq!(about.len(), expected, "{pool}, {reason}: {about:?}");
        }
    }
}
