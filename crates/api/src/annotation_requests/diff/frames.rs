//! The rows of a statement, read while they are compared: from the repository, through a queue of one read, to the thread that
//! compares.

use crate::export::PipeWatch;
use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, FrameStart, RepositoryError, RowFrame, StatementError, StatementNumber,
    StatementRepository,
};
use std::num::NonZeroU32;
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// The frames of one read: 16,384 rows, about half a megabyte.
const FRAMES_OF_A_READ: NonZeroU32 = NonZeroU32::new(64).unwrap();

/// The client has disconnected.
#[derive(Debug, thiserror::Error)]
#[error("no client reads it any more")]
pub(super) struct Unread;

/// The reads ended before the last frame; they say why.
#[derive(Debug, thiserror::Error)]
#[error("the rows of a statement could not be read")]
struct BrokenOff;

/// Reads the frames of a statement.
pub(super) struct FrameReader {
    statements: Arc<dyn StatementRepository>,
    request: AnnotationRequestId,
    number: StatementNumber,
    start: FrameStart,
    reads: Sender<Vec<RowFrame>>,
}

/// The frames, for a thread that may wait for them. It ends once the client is gone.
pub(super) struct Frames {
    reads: Receiver<Vec<RowFrame>>,
    read: std::vec::IntoIter<RowFrame>,
    watch: Option<PipeWatch>,
    is_at_end: bool,
}

/// Both ends.
pub(super) fn frames(
    statements: Arc<dyn StatementRepository>,
    (request, number): (AnnotationRequestId, StatementNumber),
    start: FrameStart,
    watch: Option<PipeWatch>,
) -> (FrameReader, Frames) {
    let (sender, receiver) = channel(1);
    let reader = FrameReader { statements, request, number, start, reads: sender };
    (reader, Frames { reads: receiver, read: Vec::new().into_iter(), watch, is_at_end: false })
}

impl FrameReader {
    /// Reads all, as far as they are taken.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn run(self) -> Result<(), RepositoryError> {
        let mut start = self.start;
        loop {
            let read = self.statements.find_frames(&self.request, self.number, start, FRAMES_OF_A_READ).await;
            let read = read.map_err(unread)?;
            let last = read.last().map(|frame| frame.place);
            // No frames are the end.
            if self.reads.send(read).await.is_err() {
                return Ok(());
            }
            let Some(last) = last else { return Ok(()) };
            start = FrameStart::Place(last + 1);
        }
    }
}

impl Iterator for Frames {
    type Item = Result<RowFrame, BoxError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.watch.as_ref().is_some_and(|watch| !watch.is_read()) {
            return Some(Err(Unread.into()));
        }
        if let Some(frame) = self.read.next() {
            return Some(Ok(frame));
        }
        if self.is_at_end {
            return None;
        }
        let Some(read) = self.reads.blocking_recv() else { return Some(Err(BrokenOff.into())) };
        self.is_at_end = read.is_empty();
        self.read = read.into_iter();
        self.read.next().map(Ok)
    }
}

/// The statement was found before, so it is there.
fn unread(error: StatementError) -> RepositoryError {
    if let StatementError::Corrupt { what } = error {
        return RepositoryError::Corrupt { what };
    }
    RepositoryError::Unavailable(error.into())
}
