//! All rows of statements, in short reads: the thread that takes them waits for the next frames, and the reads for the thread.

use super::StatedReads;
use super::page::place;
use annotation_statistics_domain::{
    BoxError, ExportError, FrameStart, RecordedTask, RepositoryError, RowFrame, StatementHead, Statistics,
};
use annotation_statistics_statements::rows_of_frame;
use std::num::NonZeroU32;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

/// The most frames of a read, and about the most bytes of their rows.
const MOST_FRAMES: u64 = 16;
const READ_BYTES: u64 = 4 << 20;

/// The most reads that wait to be taken.
const QUEUED_READS: usize = 1;

/// All readers that there may be are at work.
#[derive(Debug, thiserror::Error)]
#[error("as many statements are read as export.max_statements allows")]
struct ReadersTooMany;

/// The reads have ended before the last row.
#[derive(Debug, thiserror::Error)]
#[error("the frames of a statement were not read to their end")]
struct BrokenOff;

/// What is sent to the thread.
enum Sent {
    Frames(Vec<RowFrame>),
    /// No statement has further frames.
    End,
}

/// The rows of statements on a thread that waits for them.
pub(super) struct StatedRows {
    heads: Vec<StatementHead>,
    sent: mpsc::Receiver<Sent>,
}

impl StatedReads {
    /// Gives all rows of the statements, in their order, to `work`, on a thread that it may block. Once no caller waits any more,
    /// the rows end with an error.
    pub(super) async fn with_rows<T: Send + 'static>(
        &self,
        heads: Vec<StatementHead>,
        work: impl FnOnce(StatedRows) -> Result<T, ExportError> + Send + 'static,
    ) -> Result<T, ExportError> {
        let unavailable = |error: BoxError| ExportError::Repository(RepositoryError::Unavailable(error));
        let permit = self.readers.clone().try_acquire_owned().map_err(|_| unavailable(ReadersTooMany.into()))?;
        let (sender, sent) = mpsc::channel(QUEUED_READS);
        let rows = StatedRows { heads: heads.clone(), sent };
        let working = spawn_blocking(move || {
            // With the permit: a client that goes away does not free it before the thread is free.
            let _permit = permit;
            work(rows)
        });
        let read = self.send_frames(&heads, sender).await;
        let done = working.await.map_err(|error| unavailable(error.into()))?;
        read?;
        done
    }

    /// Sends all frames, until the thread takes no more.
    async fn send_frames(&self, heads: &[StatementHead], sender: mpsc::Sender<Sent>) -> Result<(), RepositoryError> {
        for head in heads {
            let (mut next, past) = (0, head.task_count.div_ceil(RowFrame::ROWS));
            while next < past {
                let most = frames_of_a_read(head).min(past - next);
                let most = u32::try_from(most).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
                let start = FrameStart::Place(next);
                let found = self.statements.find_frames(&head.annotation_request_id, head.number, start, most).await?;
                if found.is_empty() {
                    return Err(RepositoryError::Corrupt { what: format!("{}: frame {next} is missing", place(head)) });
                }
                next += u64::try_from(found.len()).unwrap_or(u64::MAX);
                if sender.send(Sent::Frames(found)).await.is_err() {
                    return Ok(());
                }
            }
        }
        // The thread may have ended already.
        let _ = sender.send(Sent::End).await;
        Ok(())
    }
}

/// As many frames as are of about [`READ_BYTES`], uncompressed.
fn frames_of_a_read(head: &StatementHead) -> u64 {
    let frames = head.task_count.div_ceil(RowFrame::ROWS).max(1);
    let bytes = (head.rows.bytes / frames).max(1);
    (READ_BYTES / bytes).clamp(1, MOST_FRAMES)
}

impl StatedRows {
    /// Takes each row, with the index of its statement.
    ///
    /// # Errors
    /// That of `take`; else when the rows are not those of the statements, or not all there.
    pub(super) fn for_each(
        mut self,
        mut take: impl FnMut(usize, RecordedTask) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let (mut index, mut left) = (0, self.left(0));
        loop {
            match self.sent.blocking_recv() {
                None => return Err(ExportError::Target(BrokenOff.into())),
                Some(Sent::End) => break,
                Some(Sent::Frames(frames)) => {
                    for frame in frames {
                        while left == 0 && index < self.heads.len() {
                            index += 1;
                            left = self.left(index);
                        }
                        self.take_frame(&frame, index, &mut left, &mut take)?;
                    }
                }
            }
        }
        let rest: u64 = left + (index + 1..self.heads.len()).map(|index| self.left(index)).sum::<u64>();
        if rest > 0 { Err(self.corrupt(index, &format!("{rest} rows are missing"))) } else { Ok(()) }
    }

    fn take_frame(
        &self,
        frame: &RowFrame,
        index: usize,
        left: &mut u64,
        take: &mut impl FnMut(usize, RecordedTask) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        for row in rows_of_frame(&frame.zstd).map_err(|error| self.corrupt(index, &error.to_string()))? {
            let row = row.map_err(|error| self.corrupt(index, &error.to_string()))?;
            *left = left.checked_sub(1).ok_or_else(|| self.corrupt(index, "there are more rows than tasks"))?;
            take(index, row)?;
        }
        Ok(())
    }

    fn left(&self, index: usize) -> u64 {
        self.heads.get(index).map_or(0, |head| head.task_count)
    }

    fn corrupt(&self, index: usize, what: &str) -> ExportError {
        let place = self.heads.get(index).map_or_else(|| "a statement".to_owned(), place);
        RepositoryError::Corrupt { what: format!("{place}: {what}") }.into()
    }
}

/// The numbers of a task, wide enough to be added up.
pub(super) fn numbers(task: &Statistics) -> [u128; 3] {
    [task.instance_num(), task.attribute_num(), task.frame_num()].map(|count| u128::from(u64::from(count)))
}
