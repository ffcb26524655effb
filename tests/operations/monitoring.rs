//! The dashboard, the alerts and the document for operators, against what a running service tells.

use annotation_statistics_tests::{
    Implementation, MetricsPage, Repository, RunningService, TestDatabase, record, task,
};
use serde_json::Value;
use std::collections::BTreeSet;

mod causes;

/// What a scrape adds to every series.
const OF_THE_SCRAPE: [&str; 2] = ["job", "instance"];

/// What `/metrics` says once everything has happened that a dashboard shows.
async fn page() -> MetricsPage {
    let database = TestDatabase::new();
    record(&database, [task("a", 1)]).await;
    let service = RunningService::with(&database.url(), "database.connect_timeout = '300ms'");
    assert_eq!(service.get("/statistics?annotationRequestId=a").count(), 1);
    assert_eq!(service.get("/statistics").status, 400);
    database.cut_off();
    assert_eq!(service.get("/statistics?annotationRequestId=a").status, 503);
    service.metrics()
}

/// The queries of the dashboard, those of its variables included.
fn dashboard() -> Vec<String> {
    fn queries(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                let texts = ["expr", "query"].iter().filter_map(|name| fields.get(*name)?.as_str());
                found.extend(texts.map(str::to_owned));
                fields.values().for_each(|inner| queries(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| queries(inner, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let dashboard: Value = serde_json::from_str(Repository::real().text("docs/operations/dashboard.json")).unwrap();
    let mut found = Vec::new();
    queries(&dashboard, &mut found);
    found
}

/// The alerts: name and query.
fn alerts() -> Vec<(&'static str, &'static str)> {
    let lines = Repository::real().text("docs/operations/alerts.yml").lines().map(str::trim);
    let names: Vec<_> = lines.clone().filter_map(|line| line.strip_prefix("- alert: ")).collect();
    let queries: Vec<_> = lines.filter_map(|line| line.strip_prefix("expr: ")).collect();
    assert_eq!(names.len(), queries.len());
    names.into_iter().zip(queries).collect()
}

/// The metrics of a query, each with the labels by which it selects.
fn selections(query: &str) -> Vec<(&str, Vec<&str>)> {
    let is_of_a_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let starts = ["annotation_statistics_", "process_"].map(|start| query.match_indices(start));
    let places: BTreeSet<usize> = starts.into_iter().flatten().map(|(place, _)| place).collect();
    let whole = places.into_iter().filter(|place| !query[..*place].ends_with(is_of_a_name));
    let found = whole.map(|place| {
        let end = query[place..].find(|letter| !is_of_a_name(letter)).map_or(query.len(), |length| place + length);
        let selector = query[end..].strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        let labels = selector.split(',').filter_map(|matcher| matcher.split(['=', '!']).next());
        (&query[place..end], labels.filter(|label| !label.is_empty()).collect())
    });
    found.collect()
}

/// The labels that a query groups by.
fn groupings(query: &str) -> Vec<&str> {
    let lists = query.split("by (").skip(1).filter_map(|rest| rest.split(')').next());
    lists.flat_map(|list| list.split(", ")).collect()
}

#[test]
fn selections_of_a_query_are_its_metrics_and_their_labels() {
    let query = r#"sum by (a, le) (rate(annotation_statistics_x_total{job="j",status=~"5.."}[5m])) > process_y"#;
    let expected = [("annotation_statistics_x_total", vec!["job", "status"]), ("process_y", vec![])];
    assert_eq!(selections(query), expected);
    assert_eq!(groupings(query), ["a", "le"]);
}

#[tokio::test]
async fn every_query_asks_for_what_the_service_tells() {
    let page = page().await;
    let queries: Vec<String> =
        dashboard().into_iter().chain(alerts().into_iter().map(|(_, query)| query.into())).collect();
    assert!(queries.len() > 30, "{queries:#?}");
    let names = page.names();
    for query in &queries {
        let selections = selections(query);
        let mut labels: BTreeSet<String> = OF_THE_SCRAPE.map(str::to_owned).into();
        for (metric, selected) in &selections {
            assert!(names.contains(metric), "{metric} is not told: {query}");
            let of_metric = page.labels(metric);
            for label in selected.iter().filter(|label| !OF_THE_SCRAPE.contains(label)) {
                assert!(of_metric.contains(*label), "{metric} has no label {label}: {query}");
            }
            labels.extend(of_metric);
        }
        for label in groupings(query) {
            assert!(labels.contains(label), "no metric has the label {label}: {query}");
        }
    }
}

#[tokio::test]
async fn every_metric_is_explained_and_shown_and_nothing_else_is() {
    let page = page().await;
    let document = Repository::real().text("docs/OPERATIONS.md");
    let explained: BTreeSet<&str> = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|name| name.starts_with("annotation_statistics_") || name.starts_with("process_"))
        .collect();
    assert_eq!(explained, page.metrics());

    let queries = dashboard().concat();
    let unseen: Vec<&str> = page.metrics().into_iter().filter(|metric| !queries.contains(metric)).collect();
    assert_eq!(unseen, [""; 0], "the dashboard shows all");
}

#[test]
fn every_alert_says_what_to_do() {
    let document = Repository::real().text("docs/OPERATIONS.md");
    let reported: BTreeSet<&str> =
        document.lines().filter_map(|line| line.strip_prefix("| `Statistics")?.split('`').next()).collect();
    let alerts: BTreeSet<&str> = alerts().iter().map(|(name, _)| name.strip_prefix("Statistics").unwrap()).collect();
    assert_eq!(reported, alerts);
}
