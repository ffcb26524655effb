//! The clock skew between this machine and the database, collected when it is scraped.

use annotation_statistics_storage::ClockSkew;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use std::fmt;

/// Collects the skew.
#[derive(Debug)]
pub(super) struct ClockMetrics(pub(super) ClockSkew);

impl Collector for ClockMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let help = "How far the clock of this machine is ahead of that of the database";
        let metric = encoder.encode_descriptor("clock_skew", help, Some(&Unit::Seconds), MetricType::Gauge)?;
        ConstGauge::new(self.0.seconds()).encode(metric)
    }
}
