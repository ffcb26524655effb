//! A format that stops before it signs its first statement, until it may go on.

use annotation_statistics_domain::{
    BoxError, PublicKey, RecordedTask, RowFrame, SignedStatement, StatementDraft, StatementFacts, StatementFormat,
};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// Makes statements as another format does.
pub(super) struct PausedFormat {
    format: Arc<dyn StatementFormat>,
    pause: Mutex<Option<Pause>>,
}

struct Pause {
    reached: Sender<()>,
    go_on: Receiver<()>,
}

/// What the test holds of it.
pub(super) struct Paused {
    reached: Receiver<()>,
    go_on: Sender<()>,
}

impl Paused {
    /// Waits until all rows of the first statement are read.
    pub(super) fn wait(&self) {
        self.reached.recv().unwrap();
    }

    pub(super) fn go_on(&self) {
        self.go_on.send(()).unwrap();
    }
}

pub(super) fn paused(format: Arc<dyn StatementFormat>) -> (Arc<PausedFormat>, Paused) {
    let (reached, is_reached) = channel();
    let (goes_on, go_on) = channel();
    let pause = Mutex::new(Some(Pause { reached, go_on }));
    (Arc::new(PausedFormat { format, pause }), Paused { reached: is_reached, go_on: goes_on })
}

impl StatementFormat for PausedFormat {
    fn public_key(&self) -> &PublicKey {
        self.format.public_key()
    }

    fn begin(&self, facts: StatementFacts) -> Result<Box<dyn StatementDraft>, BoxError> {
        let draft = self.format.begin(facts)?;
        Ok(Box::new(PausedDraft { draft, pause: self.pause.lock().unwrap().take() }))
    }
}

struct PausedDraft {
    draft: Box<dyn StatementDraft>,
    pause: Option<Pause>,
}

impl StatementDraft for PausedDraft {
    fn take(&mut self, task: &RecordedTask) -> Result<Option<RowFrame>, BoxError> {
        self.draft.take(task)
    }

    fn finish(self: Box<Self>) -> Result<SignedStatement, BoxError> {
        if let Some(Pause { reached, go_on }) = &self.pause {
            reached.send(())?;
            go_on.recv()?;
        }
        self.draft.finish()
    }
}
