//! A statement, as its caller states it.

use annotation_statistics_domain::{ItemKind, PoolType, Revision, TaskStatus, Totals};
use jiff::Timestamp;

/// A statement that is shown.
#[derive(Debug, Clone)]
pub struct ShownStatement {
    /// The annotation request.
    pub request: String,
    /// It as the part of a query.
    pub query: String,
    /// Its campaign.
    pub campaign: String,
    /// The rule by which it was counted, where that was stated.
    pub counting_rule: Option<String>,
    /// Its name, which goes into a URL as it is.
    pub name: String,
    /// Its number within the request, from 1.
    pub number: u64,
    /// The statement before it.
    pub previous: Option<PreviousShown>,
    /// The time that it is of.
    pub as_of: Timestamp,
    /// The state of the request that it is of.
    pub revision: Revision,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it; `None` where that is not to be shown.
    pub actor: Option<String>,
    /// The SHA-256 of its document, in hexadecimal digits.
    pub sha256: String,
    /// What its rows are.
    pub rows: ShownRows,
    /// The id of the key that it is signed with.
    pub key_id: String,
    /// The SHA-256 of the public key, in hexadecimal digits; `None` where the key is not published.
    pub fingerprint: Option<String>,
    /// The sums over all tasks.
    pub total: Totals,
    /// The sums over the tasks in the complete pool.
    pub delivered: Totals,
    /// By operation item, in any order.
    pub items: Vec<ShownItem>,
    /// By pool type and status, in the order in which they are shown.
    pub groups: Vec<ShownGroup>,
    /// The address of the page of the statement, without a share link.
    pub url: String,
    /// Its files, and what else is made of it.
    pub files: Vec<StatementFile>,
    /// The address of what differs from the statement before.
    pub diff: Option<String>,
}

/// The statement before.
#[derive(Debug, Clone)]
pub struct PreviousShown {
    /// Its number.
    pub number: u64,
    /// The SHA-256 of its document, in hexadecimal digits.
    pub sha256: String,
    /// Its name; `None` where the reader may not see it.
    pub name: Option<String>,
}

/// What the rows of a statement are.
#[derive(Debug, Clone)]
pub struct ShownRows {
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Their size in bytes.
    pub bytes: u64,
}

/// The sums of an operation item.
#[derive(Debug, Clone)]
pub struct ShownItem {
    /// Its key.
    pub key: String,
    /// The name for people.
    pub label: Option<String>,
    /// What it makes, where that is known.
    pub kind: Option<ItemKind>,
    /// How many there are.
    pub count: u128,
    /// Of these, in tasks of the complete pool.
    pub delivered: u128,
    /// Tasks that have any.
    pub tasks: u64,
}

/// The sums over the tasks of one pool type and status.
#[derive(Debug, Clone)]
pub struct ShownGroup {
    /// The type of the pool.
    pub pool_type: PoolType,
    /// The status.
    pub status: TaskStatus,
    /// The sums.
    pub totals: Totals,
}

/// A file of a statement.
#[derive(Debug, Clone)]
pub struct StatementFile {
    /// What it is called.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Where it is.
    pub target: String,
}

/// Why there is no statement to show.
#[derive(Debug, Clone)]
pub struct StatementProblem {
    /// In a few words.
    pub title: &'static str,
    /// In a sentence.
    pub text: String,
    /// The annotation request as the part of a query, where its statements may be listed.
    pub list: Option<String>,
}
