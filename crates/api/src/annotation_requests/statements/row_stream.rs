//! The rows of a statement while they are sent: read a few frames at a time, as the client takes them.

use crate::export::ReaderLimits;
use crate::http::Caller;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use actix_web::{rt, web};
use annotation_statistics_domain::{
    AnnotationRequestId, ErrorChain, FrameStart, RowFrame, StatementError, StatementHead, StatementNumber,
    StatementRepository,
};
use std::io::{self, Cursor, Read};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::Instrument;
use zstd::stream::read::Decoder;

/// Operators filter the log by it, so it does not move with this file.
const TARGET: &str = "statements";

/// The most frames of one read.
const MAX_FRAMES: u64 = 64;
/// About how many bytes of rows, decompressed, one read has, unless a single frame has more.
const READ_BYTES: u64 = 8_388_608;
/// The most bytes that are decompressed at once.
const PIECE: u64 = 262_144;
/// The most pieces that wait for the client.
const MAX_QUEUED: usize = 2;

/// In which form rows are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowsForm {
    /// As JSON Lines.
    Lines,
    /// As they are stored.
    Zstandard,
}

/// The frames of one statement.
pub(super) struct StoredRows {
    statements: Arc<dyn StatementRepository>,
    id: AnnotationRequestId,
    number: StatementNumber,
    bytes: u64,
    /// How many frames there are.
    frames: u64,
    /// How many one read has.
    most: NonZeroU32,
}

/// Some frames in a row, and the place behind them.
pub(super) struct FrameBatch {
    zstd: Vec<u8>,
    next: u64,
}

impl StoredRows {
    pub(super) fn of(statements: &Arc<dyn StatementRepository>, head: &StatementHead) -> Self {
        let frames = head.task_count.div_ceil(RowFrame::ROWS);
        let bytes_of_frame = head.rows.bytes.checked_div(frames).unwrap_or_default().max(1);
        let most = (READ_BYTES / bytes_of_frame).clamp(1, MAX_FRAMES);
        Self {
            statements: Arc::clone(statements),
            id: head.annotation_request_id.clone(),
            number: head.number,
            bytes: head.rows.bytes,
            frames,
            most: u32::try_from(most).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN),
        }
    }

    /// The frames from this place on, some at least.
    ///
    /// # Errors
    /// When they cannot be read, or are not there.
    pub(super) async fn read(&self, place: u64) -> Result<FrameBatch, StatementError> {
        let mut batch = FrameBatch { zstd: Vec::new(), next: place };
        if place >= self.frames {
            return Ok(batch);
        }
        let frames = self.statements.find_frames(&self.id, self.number, FrameStart::Place(place), self.most).await?;
        for frame in frames {
            if frame.place != batch.next || frame.place >= self.frames {
                return Err(self.corrupt(frame.place));
            }
            batch.zstd.extend_from_slice(&frame.zstd);
            batch.next += 1;
        }
        if batch.next == place { Err(self.corrupt(place)) } else { Ok(batch) }
    }

    fn corrupt(&self, place: u64) -> StatementError {
        let what = format!("frame {place} of {} of statement {} of `{}`", self.frames, self.number, self.id);
        StatementError::Corrupt { what }
    }
}

/// The body that sends the first frames and all behind them. It is pulled: what the client does not take is not read.
pub(super) fn stream(
    rows: StoredRows,
    first: FrameBatch,
    form: RowsForm,
    limits: ReaderLimits,
    caller: &Caller,
) -> RowsBody {
    let (sender, receiver) = mpsc::channel(MAX_QUEUED);
    let size = if form == RowsForm::Lines { BodySize::Sized(rows.bytes) } else { BodySize::Stream };
    let sending = async move {
        let mut pieces = PieceSender { sender, limits, waited: Duration::ZERO, written: 0 };
        let sent = send_all(&rows, first, form, &mut pieces).await;
        let bytes = pieces.written;
        match sent {
            Ok(()) => tracing::info!(target: TARGET, bytes, "rows were sent"),
            Err(Unsent::Gone) => tracing::info!(target: TARGET, bytes, "given up: the client went away"),
            Err(Unsent::Slow) => tracing::warn!(target: TARGET, bytes, "given up: the client takes too little"),
            Err(Unsent::Failed(cause)) => tracing::error!(target: TARGET, bytes, cause, "cut off: rows cannot be read"),
        }
    };
    rt::spawn(caller.clone().in_scope(sending).in_current_span());
    RowsBody { receiver, size, is_whole: false }
}

async fn send_all(
    rows: &StoredRows,
    first: FrameBatch,
    form: RowsForm,
    pieces: &mut PieceSender,
) -> Result<(), Unsent> {
    let mut batch = first;
    loop {
        let next = batch.next;
        match form {
            RowsForm::Zstandard => pieces.send(Piece::Bytes(batch.zstd.into())).await?,
            RowsForm::Lines => send_lines(batch.zstd, pieces).await?,
        }
        if next >= rows.frames {
            break;
        }
        batch = rows.read(next).await.map_err(|error| Unsent::Failed(ErrorChain(&error).to_string()))?;
    }
    if form == RowsForm::Lines && pieces.written != rows.bytes {
        return Err(Unsent::Failed(format!("there are {} bytes of rows, not {}", pieces.written, rows.bytes)));
    }
    pieces.send(Piece::End).await
}

/// Decompresses a piece at a time, away from the threads that serve other requests.
async fn send_lines(zstd: Vec<u8>, pieces: &mut PieceSender) -> Result<(), Unsent> {
    let failed = |error: io::Error| Unsent::Failed(error.to_string());
    let mut decoder = Decoder::with_buffer(Cursor::new(zstd)).map_err(failed)?;
    loop {
        let read = web::block(move || {
            let mut piece = Vec::new();
            let read = decoder.by_ref().take(PIECE).read_to_end(&mut piece);
            read.map(|_| (decoder, piece))
        });
        let read = read.await.map_err(|error| Unsent::Failed(error.to_string()))?;
        let (rest, piece) = read.map_err(failed)?;
        if piece.is_empty() {
            return Ok(());
        }
        decoder = rest;
        pieces.send(Piece::Bytes(piece.into())).await?;
    }
}

/// A part of the body, or the mark that there is nothing more: without it the body is not whole.
enum Piece {
    Bytes(Bytes),
    End,
}

/// Why not all was sent.
enum Unsent {
    Gone,
    Slow,
    Failed(String),
}

/// Sends pieces, and waits within the limits while the client takes none.
struct PieceSender {
    sender: mpsc::Sender<Piece>,
    limits: ReaderLimits,
    waited: Duration,
    written: u64,
}

impl PieceSender {
    async fn send(&mut self, piece: Piece) -> Result<(), Unsent> {
        let size = if let Piece::Bytes(bytes) = &piece { bytes.len() } else { 0 };
        let begun = Instant::now();
        let left = self.limits.left(self.written, self.waited);
        let sent = timeout(left, self.sender.send(piece)).await;
        self.waited = self.waited.saturating_add(begun.elapsed());
        match sent {
            Ok(Ok(())) => {
                self.written = self.written.saturating_add(u64::try_from(size).unwrap_or(u64::MAX));
                Ok(())
            }
            Ok(Err(_)) => Err(Unsent::Gone),
            Err(_) => Err(Unsent::Slow),
        }
    }
}

/// The body of the response.
pub(super) struct RowsBody {
    receiver: mpsc::Receiver<Piece>,
    size: BodySize,
    is_whole: bool,
}

impl MessageBody for RowsBody {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        self.size
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.is_whole {
            return Poll::Ready(None);
        }
        self.receiver.poll_recv(context).map(|piece| match piece {
            Some(Piece::Bytes(bytes)) => Some(Ok(bytes)),
            Some(Piece::End) => {
                self.is_whole = true;
                None
            }
            // An error cuts the connection, so that no client takes a part for the whole.
            None => Some(Err(io::Error::other("the rows were cut off"))),
        })
    }
}
