//! A format of statements that is as plain as can be: it signs nothing.

use annotation_statistics_domain::{
    BoxError, PublicKey, RecordedTask, RowFrame, RowsDigest, Sha256, SignedStatement, SigningKeyId, StatementDraft,
    StatementFacts, StatementFormat,
};
use std::sync::{Arc, Mutex};

type Note = dyn FnMut(&RecordedTask) -> Result<(), BoxError> + Send;

/// Its frames are the ids of the tasks, its document the name and number.
#[derive(Clone)]
pub(crate) struct PlainFormat {
    key: PublicKey,
    note: Arc<Mutex<Box<Note>>>,
    /// Of each statement that was begun.
    pub(crate) facts: Arc<Mutex<Vec<StatementFacts>>>,
    /// All frames that it has made.
    pub(crate) frames: Arc<Mutex<Vec<RowFrame>>>,
}

impl Default for PlainFormat {
    fn default() -> Self {
        Self::noting(|_| Ok(()))
    }
}

impl PlainFormat {
    /// Calls this with each task.
    pub(crate) fn noting(note: impl FnMut(&RecordedTask) -> Result<(), BoxError> + Send + 'static) -> Self {
        let note: Box<Note> = Box::new(note);
        Self { key: key(1), note: Arc::new(Mutex::new(note)), facts: Arc::default(), frames: Arc::default() }
    }

    /// With another key.
    pub(crate) fn with_key(number: u8) -> Self {
        Self { key: key(number), ..Self::default() }
    }
}

/// The key of a number.
pub(crate) fn key(number: u8) -> PublicKey {
    PublicKey { id: SigningKeyId::of(Sha256([number; 32])), bytes: [number; 32] }
}

impl StatementFormat for PlainFormat {
    fn public_key(&self) -> &PublicKey {
        &self.key
    }

    fn begin(&self, facts: StatementFacts) -> Result<Box<dyn StatementDraft>, BoxError> {
        self.facts.lock().unwrap().push(facts.clone());
        Ok(Box::new(PlainDraft { format: self.clone(), facts, ids: Vec::new(), place: 0 }))
    }
}

struct PlainDraft {
    format: PlainFormat,
    facts: StatementFacts,
    ids: Vec<i64>,
    place: u64,
}

impl PlainDraft {
    fn frame(&mut self) -> Option<RowFrame> {
        let first_task = (*self.ids.first()?).into();
        let zstd = self.ids.drain(..).flat_map(i64::to_le_bytes).collect();
        let frame = RowFrame { place: self.place, first_task, zstd };
        self.place += 1;
        self.format.frames.lock().unwrap().push(frame.clone());
        Some(frame)
    }
}

impl StatementDraft for PlainDraft {
    fn take(&mut self, task: &RecordedTask) -> Result<Option<RowFrame>, BoxError> {
        (self.format.note.lock().unwrap())(task)?;
        self.ids.push(task.statistics.id().get());
        let is_full = self.ids.len() == usize::try_from(RowFrame::ROWS).unwrap();
        Ok(if is_full { self.frame() } else { None })
    }

    fn finish(mut self: Box<Self>) -> Result<SignedStatement, BoxError> {
        let last_frame = self.frame();
        let body = format!("{} {}", self.facts.name, self.facts.number).into_bytes();
        let number = u8::try_from(self.facts.number.get()).unwrap();
        let rows = RowsDigest { sha256: Sha256([7; 32]), bytes: 123 };
        Ok(SignedStatement { last_frame, rows, body, sha256: Sha256([number; 32]), signature: [number; 64] })
    }
}
