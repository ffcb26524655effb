//! The document of a statement in the words of the page.

use crate::html::query::list_of;
use crate::html::statement::statement_files::Files;
use annotation_statistics_domain::{
    ItemKind, PublicKey, Revision, Sha256, Statement, StatementError, StatementName, Totals,
};
use annotation_statistics_page as page;
use annotation_statistics_statements::{Envelope, GroupSums, ItemSum, SumsEnvelope};
use sha2::{Digest, Sha256 as Hash};

/// What is read of a statement.
pub(super) struct StatementRead {
    pub(super) statement: Statement,
    /// The key that it is signed with, where that is published.
    pub(super) key: Option<PublicKey>,
    /// The name of the one before.
    pub(super) previous: Option<StatementName>,
    /// Whether the reader may see this statement and nothing else.
    pub(super) is_alone: bool,
}

/// The statement as the page shows it, which is at this address.
///
/// # Errors
/// [`StatementError::Corrupt`] where its document cannot be read.
pub(super) fn shown(
    read: StatementRead,
    files: &Files<'_>,
    url: String,
) -> Result<page::ShownStatement, StatementError> {
    let StatementRead { statement, key, previous, is_alone } = read;
    let envelope = Envelope::parse(&statement.body);
    let envelope = envelope.map_err(|error| StatementError::Corrupt { what: error.to_string() })?;
    let head = statement.head;
    let made_of_it = if is_alone { Vec::new() } else { files.exports(&head.name) };
    Ok(page::ShownStatement {
        request: envelope.annotation_request_id.to_string(),
        query: list_of([envelope.annotation_request_id.as_str()]),
        campaign: envelope.campaign_id.to_string(),
        counting_rule: envelope.counting_rule.map(|rule| rule.as_str().to_owned()),
        number: envelope.number.get(),
        as_of: envelope.as_of,
        revision: Revision::from(envelope.revision),
        created_at: envelope.created_at,
        actor: (!is_alone).then_some(head.actor),
        sha256: head.sha256.to_string(),
        rows: page::ShownRows { sha256: envelope.rows.sha256, bytes: envelope.rows.bytes },
        fingerprint: key.as_ref().map(|key| Sha256(Hash::digest(key.bytes).into()).to_string()),
        key_id: envelope.key_id.to_string(),
        total: totals(envelope.total),
        delivered: totals(envelope.delivered),
        items: envelope.operation_items.into_iter().map(item).collect(),
        groups: envelope.groups.iter().map(group).collect(),
        files: files.of(&head.name, &head.key_id).into_iter().chain(made_of_it).collect(),
        diff: previous.as_ref().map(|before| files.diff(before, &head.name)),
        previous: envelope.previous.map(|stated| page::PreviousShown {
            number: stated.number.get(),
            sha256: stated.sha256,
            name: previous.map(|name| name.to_string()),
        }),
        name: head.name.to_string(),
        url,
    })
}

fn totals(sums: SumsEnvelope) -> Totals {
    let SumsEnvelope { task_num, instance_num, attribute_num, frame_num } = sums;
    Totals { tasks: task_num, instances: instance_num, attributes: attribute_num, frames: frame_num }
}

fn item(sum: ItemSum) -> page::ShownItem {
    let kind = [ItemKind::Slot, ItemKind::Input].into_iter().find(|kind| sum.kind.as_deref() == Some(kind.name()));
    page::ShownItem {
        key: sum.key.to_string(),
        label: sum.label,
        kind,
        count: sum.count,
        delivered: sum.delivered,
        tasks: sum.task_num,
    }
}

fn group(sums: &GroupSums) -> page::ShownGroup {
    let totals = Totals {
        tasks: sums.task_num,
        instances: sums.instance_num,
        attributes: sums.attribute_num,
        frames: sums.frame_num,
    };
    page::ShownGroup { pool_type: sums.pool_type, status: sums.status, totals }
}
