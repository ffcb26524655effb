//! How often closing the gaps of deleted tasks failed, collected when it is scraped.

use annotation_statistics_storage::PackingFailures;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use std::fmt;

/// Collects the number of failures.
#[derive(Debug)]
pub(super) struct PackingMetrics(pub(super) PackingFailures);

impl Collector for PackingMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Attempts to close the gaps of deleted tasks that failed";
        let metric = encoder.encode_descriptor("packing_failures", help, None, MetricType::Counter)?;
        ConstCounter::new(self.0.number()).encode(metric)
    }
}
