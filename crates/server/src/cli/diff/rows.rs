//! The rows of a state, with progress, until a signal stops it.

use super::arguments::State;
use crate::cli::failure::Failure;
use crate::input::InputProgress;
use annotation_statistics_domain::{
    AnnotationRequestId, BoxError, FrameStart, RowFrame, StatementNumber, StatementRepository,
};
use annotation_statistics_statements::{FrameLines, RowLines, TextLines};
use annotation_statistics_storage::PostgresStatementRepository;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::runtime::Handle;

/// The frames of one read: 16,384 rows, about half a megabyte.
const FRAMES_OF_A_READ: NonZeroU32 = NonZeroU32::new(64).unwrap();

/// The rows of one state.
pub(super) struct Rows {
    lines: Box<dyn RowLines + Send>,
    progress: Option<InputProgress>,
    is_stopped: Arc<AtomicBool>,
}

impl Rows {
    /// Those of a file.
    pub(super) fn of_file(state: &State, is_stopped: &Arc<AtomicBool>) -> Result<Self, Failure> {
        let State::File(input) = state else {
            return Err(Failure::NotCompared(format!("{} is no file", state.name())));
        };
        let unread = |error: BoxError| Failure::Input(format!("{}: cannot be read: {error}", input.name()));
        let (progress, bytes) = input.open().map_err(|error| unread(error.into()))?;
        let text = bytes.decompress().map_err(|error| unread(error.into()))?;
        let lines = Box::new(TextLines::new(text).map_err(unread)?);
        Ok(Self { lines, progress: Some(progress), is_stopped: Arc::clone(is_stopped) })
    }

    /// Those of a statement; on a thread that may block.
    pub(super) fn of_statement(frames: Frames, is_stopped: &Arc<AtomicBool>) -> Result<Self, BoxError> {
        let lines = Box::new(FrameLines::new(frames)?);
        Ok(Self { lines, progress: None, is_stopped: Arc::clone(is_stopped) })
    }
}

impl RowLines for Rows {
    fn line(&self) -> Option<&[u8]> {
        self.lines.line()
    }

    fn advance(&mut self) -> Result<(), BoxError> {
        if self.is_stopped.load(Ordering::Relaxed) {
            return Err("it was stopped".into());
        }
        self.lines.advance()?;
        if self.lines.line().is_none()
            && let Some(progress) = self.progress.take()
        {
            progress.finish();
        }
        Ok(())
    }
}

/// The frames of a statement, for a thread that may block.
pub(super) struct Frames {
    statements: PostgresStatementRepository,
    request: AnnotationRequestId,
    number: StatementNumber,
    runtime: Handle,
    next: u64,
    read: std::vec::IntoIter<RowFrame>,
}

impl Frames {
    pub(super) fn new(
        statements: PostgresStatementRepository,
        request: AnnotationRequestId,
        number: StatementNumber,
    ) -> Self {
        Self { statements, request, number, runtime: Handle::current(), next: 0, read: Vec::new().into_iter() }
    }

    fn read(&mut self) -> Result<(), BoxError> {
        let start = FrameStart::Place(self.next);
        let read = self.statements.find_frames(&self.request, self.number, start, FRAMES_OF_A_READ);
        let read = self.runtime.block_on(read)?;
        self.next = read.last().map_or(self.next, |frame| frame.place + 1);
        self.read = read.into_iter();
        Ok(())
    }
}

impl Iterator for Frames {
    type Item = Result<RowFrame, BoxError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.read.len() == 0
            && let Err(error) = self.read()
        {
            return Some(Err(error));
        }
        self.read.next().map(Ok)
    }
}
