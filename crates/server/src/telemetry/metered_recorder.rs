//! A recorder that counts what is recorded, for the metrics.

use super::metrics::Metrics;
use annotation_statistics_domain::{Precondition, RecordError, Recorded, StatisticsRecorder, TaskStream};
use async_trait::async_trait;

/// Records with another recorder, and counts what became of the tasks.
pub(crate) struct MeteredRecorder<Recorder> {
    recorder: Recorder,
    metrics: Metrics,
}

impl<Recorder: StatisticsRecorder> MeteredRecorder<Recorder> {
    pub(crate) fn new(recorder: Recorder, metrics: Metrics) -> Self {
        Self { recorder, metrics }
    }
}

#[async_trait]
impl<Recorder: StatisticsRecorder> StatisticsRecorder for MeteredRecorder<Recorder> {
    async fn record(&self, tasks: TaskStream, precondition: Precondition) -> Result<Recorded, RecordError> {
        let recorded = self.recorder.record(tasks, precondition).await?;
        self.metrics.recorded(recorded);
        Ok(recorded)
    }

    async fn check_ready(&self) -> Result<(), RecordError> {
        self.recorder.check_ready().await
    }
}
