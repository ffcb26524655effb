//! Makes statements of format 1, signed.

use crate::draft_error::DraftError;
use crate::envelope::Envelope;
use crate::frame::FrameWriter;
use crate::key::SigningKey;
use crate::sums::Sums;
use annotation_statistics_domain::{
    BoxError, PublicKey, RecordedTask, RowFrame, Sha256, SignedStatement, StatementDraft, StatementFacts,
    StatementFormat, TaskId,
};
use sha2::{Digest, Sha256 as Hash};
use std::sync::Arc;

/// Format 1 of statements, signed with one key.
#[derive(Debug, Clone)]
pub struct SignedFormat {
    key: Arc<SigningKey>,
}

impl SignedFormat {
    /// Signs with this key.
    pub fn new(key: SigningKey) -> Self {
        Self { key: Arc::new(key) }
    }
}

impl StatementFormat for SignedFormat {
    fn public_key(&self) -> &PublicKey {
        self.key.public_key()
    }

    fn begin(&self, facts: StatementFacts) -> Result<Box<dyn StatementDraft>, BoxError> {
        if facts.summary.requests().len() != 1 {
            return Err(DraftError::NotOneRequest.into());
        }
        let frames = FrameWriter::new()?;
        Ok(Box::new(SignedDraft { key: Arc::clone(&self.key), facts, frames, sums: Sums::default(), last: None }))
    }
}

struct SignedDraft {
    key: Arc<SigningKey>,
    facts: StatementFacts,
    frames: FrameWriter,
    sums: Sums,
    last: Option<TaskId>,
}

impl SignedDraft {
    /// Whether the row of the task will be that of the statement, as verifying requires.
    fn has(&self, task: &RecordedTask) -> bool {
        let requests = self.facts.summary.requests();
        requests.iter().all(|(request, _)| {
            request.id == task.annotation_request_id
                && request.campaign_id == *task.statistics.campaign_id()
                && request.counting_rule == task.counting_rule
        })
    }
}

impl StatementDraft for SignedDraft {
    fn take(&mut self, task: &RecordedTask) -> Result<Option<RowFrame>, BoxError> {
        let id = task.statistics.id();
        if !self.has(task) {
            return Err(DraftError::Foreign { task: id }.into());
        }
        if self.last.replace(id).is_some_and(|last| last >= id) {
            return Err(DraftError::Order { task: id }.into());
        }
        self.sums.add(&task.statistics);
        Ok(self.frames.push(task)?)
    }

    fn finish(self: Box<Self>) -> Result<SignedStatement, BoxError> {
        let Self { key, facts, frames, sums, .. } = *self;
        if !sums.agree_with(&facts.summary) {
            return Err(DraftError::SumsDisagree.into());
        }
        let (last_frame, rows) = frames.finish()?;
        let key_id = key.public_key().id.clone();
        let envelope = Envelope::new(&facts, &sums, rows, key_id).ok_or(DraftError::NotOneRequest)?;
        let body = envelope.to_bytes()?;
        let (sha256, signature) = (Sha256(Hash::digest(&body).into()), key.sign(&body));
        Ok(SignedStatement { last_frame, rows, body, sha256, signature })
    }
}
