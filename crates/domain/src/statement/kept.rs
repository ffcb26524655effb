//! A statement as it is kept.

use crate::{AnnotationRequestId, CampaignId, CountingRuleName, Revision, Sha256, SigningKeyId, StatementName, TaskId};
use std::num::NonZeroU64;
use std::time::SystemTime;

/// The number of a statement within its annotation request, from 1, without gaps.
pub type StatementNumber = NonZeroU64;

/// What is known of a statement without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementHead {
    /// The request that it is of.
    pub annotation_request_id: AnnotationRequestId,
    /// The campaign of that.
    pub campaign_id: CampaignId,
    /// The rule by which it was counted, where that was stated.
    pub counting_rule: Option<CountingRuleName>,
    /// Its number.
    pub number: StatementNumber,
    /// Its name.
    pub name: StatementName,
    /// The state of the request that it is of.
    pub revision: Revision,
    /// How many tasks it has.
    pub task_count: u64,
    /// The digest of its rows.
    pub rows: RowsDigest,
    /// The digest of its body.
    pub sha256: Sha256,
    /// The key that it is signed with.
    pub key_id: SigningKeyId,
    /// Who made it: the id of an access key, or where it was made.
    pub actor: String,
    /// When it was made.
    pub created_at: SystemTime,
}

/// What the rows of a statement are, as JSON Lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowsDigest {
    /// Their digest.
    pub sha256: Sha256,
    /// Their size in bytes.
    pub bytes: u64,
}

/// A statement without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What is known of it.
    pub head: StatementHead,
    /// The bytes that were signed: a JSON document.
    pub body: Vec<u8>,
    /// The signature of the body, by Ed25519.
    pub signature: [u8; 64],
}

/// Some rows of a statement, compressed on their own: one frame of Zstandard. All frames in their order are one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFrame {
    /// Its place among the frames, from 0.
    pub place: u64,
    /// The id of its first task.
    pub first_task: TaskId,
    /// The frame.
    pub zstd: Vec<u8>,
}

impl RowFrame {
    /// How many rows a frame has; the last one may have fewer.
    pub const ROWS: u64 = 256;
}

/// From which frame on a statement is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameStart {
    /// The one at this place, from 0.
    Place(u64),
    /// The last one whose first task is not behind this one; the first frame where there is none.
    Task(TaskId),
}
