//! What `/metrics` says, read as Prometheus reads it.

use super::raw::RawResponse;
use std::collections::{BTreeMap, BTreeSet};

/// The samples of one scrape.
#[derive(Debug)]
pub struct MetricsPage {
    samples: BTreeMap<String, f64>,
    types: BTreeMap<String, String>,
}

impl MetricsPage {
    /// Reads one; what Prometheus would refuse fails.
    pub fn of(response: &RawResponse) -> Self {
        assert_eq!(response.status, 200, "{response:?}");
        assert_eq!(response.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        let mut page = Self { samples: BTreeMap::new(), types: BTreeMap::new() };
        for line in response.text().lines() {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                let before = page.types.insert(name.into(), kind.into());
                assert_eq!(before, None, "{name} has two types");
            } else if !line.starts_with('#') {
                let (series, value) = line.rsplit_once(' ').unwrap();
                let value = value.parse().unwrap_or_else(|_| panic!("{line} has no number"));
                assert_eq!(page.samples.insert(series.into(), value), None, "{series} is there twice");
            }
        }
        page
    }

    /// The value of one series, written as the page writes it, such as `name{label="value"}`.
    pub fn value(&self, series: &str) -> f64 {
        *self.samples.get(series).unwrap_or_else(|| panic!("{series} is missing: {:#?}", self.samples.keys()))
    }

    /// The sum of the series of this name whose labels have all of these, each written as the page writes it.
    pub fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let of_name = self.samples.iter().filter(|(series, _)| series.split('{').next() == Some(name));
        of_name.filter(|(series, _)| labels.iter().all(|label| series.contains(label))).map(|(_, value)| value).sum()
    }

    /// The names of all series.
    pub fn names(&self) -> BTreeSet<&str> {
        self.samples.keys().filter_map(|series| series.split('{').next()).collect()
    }

    /// The names of the metrics: those of series, without what a histogram adds to them.
    pub fn metrics(&self) -> BTreeSet<&str> {
        self.types.keys().map(String::as_str).collect()
    }

    /// The labels of the series of this name, but for the one of a histogram's buckets.
    pub fn labels(&self, name: &str) -> BTreeSet<String> {
        let of_name = self.samples.keys().filter_map(|series| series.strip_prefix(name)?.strip_prefix('{'));
        let labels = of_name.flat_map(|labels| labels.trim_end_matches('}').split("\",").map(str::to_owned));
        labels.filter_map(|label| label.split_once('=').map(|(name, _)| name.to_owned())).collect()
    }
}
