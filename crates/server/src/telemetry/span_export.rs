//! Exports requests as spans to an `OpenTelemetry` collector, by OTLP over HTTP with JSON.

use super::metrics::SpanCounters;
use super::span_json::{RequestSpan, export_json};
use crate::settings::TelemetrySettings;
use annotation_statistics_api::{EndedRequest, Observer, SpanId};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The most spans of one export.
const BATCH: usize = 512;

/// The thread that exports, until it is stopped.
pub(crate) struct TraceExport {
    sender: SpanSender,
    thread: JoinHandle<()>,
}

/// Queues the spans of requests without delaying them.
#[derive(Clone)]
pub(crate) struct SpanSender {
    spans: SyncSender<Option<RequestSpan>>,
    sampled_per_thousand: u16,
    counters: SpanCounters,
}

impl TraceExport {
    /// Starts exporting, where a collector is configured.
    pub(crate) fn start(settings: &TelemetrySettings, counters: SpanCounters) -> io::Result<Option<Self>> {
        if settings.otlp_endpoint.is_empty() {
            return Ok(None);
        }
        let (spans, queue) = sync_channel(settings.max_waiting_spans.get());
        let exporter = Exporter::new(settings, queue, counters.clone());
        let thread = thread::Builder::new().name("traces".into()).spawn(move || exporter.run())?;
        let sender = SpanSender { spans, sampled_per_thousand: settings.sampled_per_thousand, counters };
        Ok(Some(Self { sender, thread }))
    }

    /// The observer that queues the spans of requests.
    pub(crate) fn sender(&self) -> SpanSender {
        self.sender.clone()
    }

    /// Exports the queued spans, and ends.
    pub(crate) fn stop(self) {
        // Either fails only where the thread has ended already.
        let _ = self.sender.spans.send(None);
        let _ = self.thread.join();
    }
}

impl Observer for SpanSender {
    fn ended(&self, request: &EndedRequest<'_>) {
        // The decision of the caller holds for the whole trace; others are sampled by their id, so that each server decides
        // the same.
        let by_chance = || request.id.number() % 1000 < u128::from(self.sampled_per_thousand);
        if !request.parent.map_or_else(by_chance, |parent| parent.sampled) {
            return;
        }
        match self.spans.try_send(Some(RequestSpan::new(request, SpanId::random()))) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => drop(self.counters.lost.inc()),
        }
    }
}

struct Exporter {
    url: String,
    agent: ureq::Agent,
    interval: Duration,
    queue: Receiver<Option<RequestSpan>>,
    counters: SpanCounters,
}

impl Exporter {
    fn new(settings: &TelemetrySettings, queue: Receiver<Option<RequestSpan>>, counters: SpanCounters) -> Self {
        let timeout = Some(settings.export_timeout.get());
        Self {
            url: format!("{}/v1/traces", settings.otlp_endpoint.trim_end_matches('/')),
            agent: ureq::Agent::config_builder().timeout_global(timeout).build().into(),
            interval: settings.export_interval.get(),
            queue,
            counters,
        }
    }

    fn run(&self) {
        let mut batch = Vec::new();
        loop {
            let more_to_come = self.fill(&mut batch);
            if !batch.is_empty() {
                self.export(&batch);
                batch.clear();
            }
            if !more_to_come {
                return;
            }
        }
    }

    /// Collects spans for a while; says whether there may be more.
    fn fill(&self, batch: &mut Vec<RequestSpan>) -> bool {
        let start = Instant::now();
        while batch.len() < BATCH {
            match self.queue.recv_timeout(self.interval.saturating_sub(start.elapsed())) {
                Ok(Some(span)) => batch.push(span),
                Err(RecvTimeoutError::Timeout) => return true,
                Ok(None) | Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        true
    }

    fn export(&self, batch: &[RequestSpan]) {
        let number = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let body = export_json(batch).to_string();
        match self.agent.post(&self.url).header("Content-Type", "application/json").send(body) {
            Ok(_) => drop(self.counters.exported.inc_by(number)),
            Err(error) => {
                self.counters.lost.inc_by(number);
                tracing::warn!(fault = %error, spans = number, "the collector did not take these spans: telemetry.otlp_endpoint");
            }
        }
    }
}
