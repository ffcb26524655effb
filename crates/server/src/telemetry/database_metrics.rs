//! Metrics of the connection pools, collected when they are scraped.

use annotation_statistics_storage::{Database, DatabaseStatus, PostgresKeys};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use std::fmt;

/// Collects the status of the connection pools, and of the connection that watches the keys.
pub(super) struct DatabaseMetrics {
    pools: Vec<(&'static str, Database)>,
    keys: Option<PostgresKeys>,
}

/// A metric of a pool: its name, its help and its value.
type Number<T> = (&'static str, &'static str, fn(&DatabaseStatus) -> T);

const GAUGES: [Number<u64>; 5] = [
    ("database_sessions_max", "The most connections of the pool", |status| status.max_connections.into()),
    ("database_sessions", "Open connections of the pool", |status| status.connections.into()),
    ("database_sessions_idle", "Open connections that are idle", |status| status.idle_connections.into()),
    ("database_waiting_max", "The most work that may wait for a connection", |status| status.max_waiting),
    ("database_waiting", "Work that waits for a connection", |status| status.waiting),
];

const COUNTERS: [Number<u64>; 3] = [
    ("database_work", "Work that got its turn", |status| status.started),
    ("database_retries", "Reads that were retried on a new connection", |status| status.retries),
    ("database_connect_failures", "Connections that could not be opened", |status| status.connect_failures),
];

impl DatabaseMetrics {
    pub(super) fn new(pools: Vec<(&'static str, Database)>, keys: Option<PostgresKeys>) -> Self {
        Self { pools, keys }
    }
}

impl fmt::Debug for DatabaseMetrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.pools.iter().map(|(name, _)| name)).finish()
    }
}

impl Collector for DatabaseMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let pools: Vec<_> = self.pools.iter().map(|(name, database)| ([("pool", *name)], database.status())).collect();
        for (name, help, number) in GAUGES {
            let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for (pool, status) in &pools {
                ConstGauge::new(number(status)).encode(metric.encode_family(pool)?)?;
            }
        }
        for (name, help, number) in COUNTERS {
            let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for (pool, status) in &pools {
                ConstCounter::new(number(status)).encode(metric.encode_family(pool)?)?;
            }
        }
        let help = "Connections that were cut, as the database did not respond";
        let mut metric = encoder.encode_descriptor("database_sessions_cut", help, None, MetricType::Counter)?;
        let cut = pools.iter().map(|([pool], status)| ([*pool], status.connections_cut));
        for ([pool], number) in cut.chain(self.keys.iter().map(|keys| ([("pool", "keys")], keys.connections_cut()))) {
            ConstCounter::new(number).encode(metric.encode_family(&[pool])?)?;
        }
        let help = "How long work waited for its turn";
        let mut metric = encoder.encode_descriptor("database_wait", help, Some(&Unit::Seconds), MetricType::Counter)?;
        for (pool, status) in &pools {
            ConstCounter::new(status.waited.as_secs_f64()).encode(metric.encode_family(pool)?)?;
        }
        let help = "Work that was not done, by reason";
        let mut metric = encoder.encode_descriptor("database_refusals", help, None, MetricType::Counter)?;
        for ([pool], status) in &pools {
            for (reason, number) in status.refusals {
                ConstCounter::new(number).encode(metric.encode_family(&[*pool, ("reason", reason)])?)?;
            }
        }
        Ok(())
    }
}
