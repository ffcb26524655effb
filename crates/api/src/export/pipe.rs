//! Between the thread that writes an export and the response that sends it: a queue of few chunks, with backpressure. See ADR 30.

use crate::ApiSettings;
use crate::export::export_head::ExportHead;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use annotation_statistics_domain::ExportError;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// The size of a chunk, in bytes.
const PIECE: usize = 65_536;
/// The most chunks in the queue.
const MAX_QUEUED: usize = 4;

/// The most bytes that are still queued for a reader that was too slow: the notice that the export is incomplete.
const INCOMPLETE_NOTICE: usize = 256;

/// How long a writer waits for its reader.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReaderLimits {
    /// While the reader takes nothing.
    pub(crate) timeout: Duration,
    /// In total, whatever the reader takes.
    grace: Duration,
    /// So many written bytes extend the total by a second.
    min_rate: NonZeroUsize,
}

impl ReaderLimits {
    pub(crate) fn of(settings: &ApiSettings) -> Self {
        Self { timeout: settings.reader_timeout, grace: settings.reader_grace, min_rate: settings.reader_min_rate }
    }

    /// How long a writer of so many bytes may have waited (ADR 55). Only waits for the reader count: the time of the database is not
    /// that of the reader.
    fn wait_for(&self, written: u64) -> Duration {
        let rate = u64::try_from(self.min_rate.get()).unwrap_or(u64::MAX);
        self.grace.saturating_add(Duration::from_millis(written.saturating_mul(1000) / rate))
    }

    /// How long a writer of so many bytes that has waited for so long may wait once more.
    pub(crate) fn left(&self, written: u64, waited: Duration) -> Duration {
        self.wait_for(written).saturating_sub(waited).min(self.timeout)
    }
}

/// The state that both ends share.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Notified when the queue has room, or no reader any more.
    room: Condvar,
}

#[derive(Default)]
struct State {
    pieces: VecDeque<Bytes>,
    /// What the head of the response says, once the export has begun.
    head: Option<ExportHead>,
    end: Option<Result<(), ExportError>>,
    waker: Option<Waker>,
    /// Whether the response has begun, so that it cannot report an error any more.
    is_answered: bool,
    reader_is_gone: bool,
    reader_is_slow: bool,
    written: u64,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The three ends of a pipe: the writer, the one that reports how the export ended, and the reader.
pub(crate) fn pipe(limits: ReaderLimits) -> (PipeWriter, PipeEnd, PipeReader) {
    let shared = Arc::<Shared>::default();
    let writer = PipeWriter { shared: Arc::clone(&shared), piece: Vec::new(), limits, waited: Duration::ZERO };
    (writer, PipeEnd(Arc::clone(&shared)), PipeReader { shared, is_flushed: false })
}

/// Writes, and waits within the limits while the queue is full.
pub(crate) struct PipeWriter {
    shared: Arc<Shared>,
    piece: Vec<u8>,
    limits: ReaderLimits,
    /// How long it has waited for the reader so far.
    waited: Duration,
}

/// Watches whether the reader still reads.
#[derive(Clone)]
pub(crate) struct PipeWatch(Arc<Shared>);

impl PipeWatch {
    pub(crate) fn is_read(&self) -> bool {
        let state = self.0.lock();
        !state.reader_is_gone && !state.reader_is_slow
    }

    /// Sets what the head of the response says of the tasks that follow.
    pub(crate) fn begin(&self, head: ExportHead) {
        self.0.lock().head = Some(head);
    }
}

impl PipeWriter {
    pub(crate) fn watch(&self) -> PipeWatch {
        PipeWatch(Arc::clone(&self.shared))
    }

    /// Once the reader is too slow, everything is dropped but a short notice that the export is incomplete.
    fn send(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let is_full = |state: &mut State| state.pieces.len() >= MAX_QUEUED && !state.reader_is_gone;
        let state = self.shared.lock();
        let was_slow = state.reader_is_slow;
        let left = if was_slow { Duration::ZERO } else { self.limits.left(state.written, self.waited) };
        let begun = Instant::now();
        let waited = self.shared.room.wait_timeout_while(state, left, is_full);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        self.waited = self.waited.saturating_add(begun.elapsed());
        if state.reader_is_gone {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        state.reader_is_slow = was_slow || state.pieces.len() >= MAX_QUEUED;
        if state.reader_is_slow && !(was_slow && self.piece.len() <= INCOMPLETE_NOTICE) {
            drop(state);
            self.piece.clear();
            return Err(io::ErrorKind::TimedOut.into());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        state.written = state.written.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        state.pieces.push_back(piece.into());
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
        Ok(())
    }
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE.saturating_sub(self.piece.len());
        let (now, _) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
        self.piece.extend_from_slice(now);
        if self.piece.len() >= PIECE {
            self.send()?;
        }
        Ok(now.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

/// Reports how the export ended; dropped without a report, as in a panic, it reports an error.
pub(crate) struct PipeEnd(Arc<Shared>);

/// The progress of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) bytes: u64,
    pub(crate) is_answered: bool,
    pub(crate) reader_is_gone: bool,
    pub(crate) reader_is_slow: bool,
}

impl PipeEnd {
    pub(crate) fn finish(&self, end: Result<(), ExportError>) -> Progress {
        let mut state = self.0.lock();
        let State { written: bytes, is_answered, reader_is_gone, reader_is_slow, .. } = *state;
        state.end = Some(end);
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
        Progress { bytes, is_answered, reader_is_gone, reader_is_slow }
    }
}

impl Drop for PipeEnd {
    fn drop(&mut self) {
        if self.0.lock().end.is_none() {
            self.finish(Err(ExportError::Target("the export was broken off".into())));
        }
    }
}

/// Reads the chunks: it is the body of the response.
pub(crate) struct PipeReader {
    shared: Arc<Shared>,
    is_flushed: bool,
}

impl PipeReader {
    /// A reader with nothing to read.
    pub(crate) fn empty() -> Self {
        let shared = Arc::<Shared>::default();
        shared.lock().end = Some(Ok(()));
        Self { shared, is_flushed: false }
    }

    /// Waits for the first chunk or the end, and returns the error of an export that failed by then.
    pub(crate) async fn begun(&self) -> Result<Option<ExportHead>, ExportError> {
        poll_fn(|context| {
            let mut state = self.shared.lock();
            match state.end.take() {
                Some(Err(error)) => Poll::Ready(Err(error)),
                end if end.is_some() || !state.pieces.is_empty() => {
                    (state.end, state.is_answered) = (end, true);
                    Poll::Ready(Ok(state.head.take()))
                }
                _ => {
                    state.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// What the head of the response says, once that is set.
    pub(crate) fn head(&self) -> Option<ExportHead> {
        self.shared.lock().head.take()
    }

    fn next(&mut self, context: &Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let mut state = self.shared.lock();
        if let Some(piece) = state.pieces.pop_front() {
            self.shared.room.notify_all();
            return Poll::Ready(Some(Ok(piece)));
        }
        match state.end {
            Some(Ok(())) => Poll::Ready(None),
            // The chunks before are sent first: the incomplete line of JSON Lines is among them.
            Some(Err(_)) if !self.is_flushed => {
                self.is_flushed = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            // An error cuts the connection, so that no client takes a part for the whole.
            Some(Err(_)) => Poll::Ready(Some(Err(io::Error::other("the export failed")))),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl MessageBody for PipeReader {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        self.next(context)
    }
}

impl Drop for PipeReader {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.reader_is_gone = true;
        state.pieces.clear();
        self.shared.room.notify_all();
    }
}

#[cfg(test)]
#[path = "pipe_tests.rs"]
mod tests;
