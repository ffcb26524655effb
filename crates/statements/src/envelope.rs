//! The document that is signed.

use crate::sums::Sums;
use annotation_statistics_domain::{
    AnnotationRequestId, CampaignId, CountingRuleName, ItemKind, ItemLabel, OperationItemKey, PoolType,
    PreviousStatement, RowsDigest, SigningKeyId, StatementFacts, StatementName, StatementNumber, TaskStatus, Totals,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The document of a statement, as it is signed: its members are all there, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    /// [`Envelope::FORMAT`].
    pub format: String,
    /// The request that it is of.
    pub annotation_request_id: AnnotationRequestId,
    /// The campaign of that.
    pub campaign_id: CampaignId,
    /// The rule by which it was counted, where that was stated.
    pub counting_rule: Option<CountingRuleName>,
    /// Its name.
    pub name: StatementName,
    /// Its number within the request, from 1.
    pub number: StatementNumber,
    /// The statement before it of the same request.
    pub previous: Option<PreviousEnvelope>,
    /// The time that it is of, in UTC.
    pub as_of: Timestamp,
    /// The state of the request that it is of.
    pub revision: i64,
    /// When it was made, in UTC.
    pub created_at: Timestamp,
    /// The key that it is signed with.
    pub key_id: SigningKeyId,
    /// What its rows are.
    pub rows: RowsEnvelope,
    /// The sums over all tasks.
    pub total: SumsEnvelope,
    /// The sums over the tasks in the complete pool.
    pub delivered: SumsEnvelope,
    /// By operation item, in the byte order of the keys.
    pub operation_items: Vec<ItemSum>,
    /// By pool type and status, in their order.
    pub groups: Vec<GroupSums>,
}

/// The statement before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviousEnvelope {
    /// Its number.
    pub number: StatementNumber,
    /// The SHA-256 of its document.
    pub sha256: String,
}

/// The rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RowsEnvelope {
    /// [`RowsEnvelope::FORMAT`].
    pub format: String,
    /// Their SHA-256.
    pub sha256: String,
    /// Their size in bytes.
    pub bytes: u64,
    /// How many they are: one for each task.
    pub tasks: u64,
}

/// Sums over tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SumsEnvelope {
    /// Tasks.
    pub task_num: u64,
    /// Instances in them.
    pub instance_num: u128,
    /// Attributes in them.
    pub attribute_num: u128,
    /// Frames of them.
    pub frame_num: u128,
}

/// The sums of an operation item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ItemSum {
    /// Its key.
    pub key: OperationItemKey,
    /// The name for people, where the taxonomy gives it one.
    pub label: Option<String>,
    /// `slot` or `input`, where that is known.
    pub kind: Option<String>,
    /// How many there are.
    pub count: u128,
    /// Of these, in tasks of the complete pool.
    pub delivered: u128,
    /// Tasks that have any.
    pub task_num: u64,
}

/// The sums over the tasks of one pool type and status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupSums {
    /// The type of the pool.
    pub pool_type: PoolType,
    /// The status.
    pub status: TaskStatus,
    /// Tasks.
    pub task_num: u64,
    /// Instances in them.
    pub instance_num: u128,
    /// Attributes in them.
    pub attribute_num: u128,
    /// Frames of them.
    pub frame_num: u128,
}

/// Why bytes are not the document of a statement.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// It is no such document.
    #[error("it is not the document of a statement: {0}")]
    Json(#[from] serde_json::Error),
    /// It is one of a format that is not known here.
    #[error("its format is `{0}`, not `{format}`", format = Envelope::FORMAT)]
    Format(String),
}

impl Envelope {
    /// The name of the format.
    pub const FORMAT: &'static str = "annotation-statistics/statement/1";

    /// Reads a document; whether it is true of its rows, and signed, is not checked.
    ///
    /// # Errors
    /// When the bytes are no such document.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        #[derive(Deserialize)]
        struct Named {
            format: String,
        }
        let Named { format } = serde_json::from_slice(bytes)?;
        if format != Self::FORMAT {
            return Err(EnvelopeError::Format(format));
        }
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The bytes: indented by two spaces, with a line break at the end.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// That of these facts, sums and rows; `None` where the facts are not of one request.
    pub(crate) fn new(facts: &StatementFacts, sums: &Sums, rows: RowsDigest, key_id: SigningKeyId) -> Option<Self> {
        let [(request, _)] = facts.summary.requests() else { return None };
        let created_at = Timestamp::try_from(facts.created_at).ok()?;
        let total = sums.totals(None);
        Some(Self {
            format: Self::FORMAT.to_owned(),
            annotation_request_id: request.id.clone(),
            campaign_id: request.campaign_id.clone(),
            counting_rule: request.counting_rule.clone(),
            name: facts.name.clone(),
            number: facts.number,
            previous: facts.previous.map(PreviousEnvelope::from),
            as_of: created_at,
            revision: request.revision.number(),
            created_at,
            key_id,
            rows: RowsEnvelope {
                format: RowsEnvelope::FORMAT.to_owned(),
                sha256: rows.sha256.to_string(),
                bytes: rows.bytes,
                tasks: total.tasks,
            },
            total: total.into(),
            delivered: sums.totals(Some(PoolType::Complete)).into(),
            operation_items: items(facts, sums),
            groups: groups(sums),
        })
    }
}

impl RowsEnvelope {
    /// The name of the format: a task a line, as exports have them, in ascending order of the ids of the tasks.
    pub const FORMAT: &'static str = "rows/1";
}

impl From<PreviousStatement> for PreviousEnvelope {
    fn from(previous: PreviousStatement) -> Self {
        Self { number: previous.number, sha256: previous.sha256.to_string() }
    }
}

impl From<Totals> for SumsEnvelope {
    fn from(totals: Totals) -> Self {
        let Totals { tasks, instances, attributes, frames } = totals;
        Self { task_num: tasks, instance_num: instances, attribute_num: attributes, frame_num: frames }
    }
}

/// All items of the summary: those that are ordered and in no task, too.
fn items(facts: &StatementFacts, sums: &Sums) -> Vec<ItemSum> {
    let item = |item: &annotation_statistics_domain::ItemTotal| {
        let counts = sums.items.get(item.key.as_str()).copied().unwrap_or_default();
        ItemSum {
            key: item.key.clone(),
            label: facts.summary.label_of(&item.key).map(ItemLabel::as_str).map(str::to_owned),
            kind: item.kind.map(ItemKind::name).map(str::to_owned),
            count: counts.count,
            delivered: counts.delivered,
            task_num: counts.tasks,
        }
    };
    facts.summary.items().iter().map(item).collect()
}

fn groups(sums: &Sums) -> Vec<GroupSums> {
    let group = |((pool_type, status), totals): (&(PoolType, TaskStatus), &Totals)| GroupSums {
        pool_type: *pool_type,
        status: *status,
        task_num: totals.tasks,
        instance_num: totals.instances,
        attribute_num: totals.attributes,
        frame_num: totals.frames,
    };
    sums.groups.iter().map(group).collect()
}
