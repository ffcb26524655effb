//! Whether a document agrees with itself.

use super::VerifyError;
use crate::{Envelope, GroupSums, ItemSum, RowsEnvelope, SumsEnvelope};
use annotation_statistics_domain::PoolType;

type Checked = Result<(), VerifyError>;

/// Checks the members of a document against each other.
pub(super) fn check(document: &Envelope) -> Checked {
    if document.rows.format != RowsEnvelope::FORMAT {
        let reason = format!("it is `{}`, not `{}`", document.rows.format, RowsEnvelope::FORMAT);
        return Err(VerifyError::contradiction("rows.format", reason));
    }
    check_digest("rows.sha256", &document.rows.sha256)?;
    check_previous(document)?;
    if document.as_of > document.created_at {
        return Err(VerifyError::contradiction("asOf", "it is after createdAt"));
    }
    check_groups(document)?;
    check_items(document)
}

fn check_digest(member: &str, digest: &str) -> Checked {
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let reason = "it is not 64 hexadecimal digits in lower case";
    if is_digest { Ok(()) } else { Err(VerifyError::contradiction(member, reason)) }
}

fn check_previous(document: &Envelope) -> Checked {
    let number = document.number.get();
    let before = document.previous.as_ref().map_or(0, |previous| previous.number.get());
    if before.checked_add(1) != Some(number) {
        let reason = format!("it is {number}, and that of the previous statement {before} (0: there is none)");
        return Err(VerifyError::contradiction("number", reason));
    }
    document.previous.as_ref().map_or(Ok(()), |previous| check_digest("previous.sha256", &previous.sha256))
}

/// The groups add up to all tasks, and those of the complete pool to what was delivered.
fn check_groups(document: &Envelope) -> Checked {
    let (groups, total) = (&document.groups, &document.total);
    if !groups.is_sorted_by(|one, next| (one.pool_type, one.status) < (next.pool_type, next.status)) {
        return Err(VerifyError::contradiction("groups", "they are not in ascending order, or one is there twice"));
    }
    if let Some(group) = groups.iter().find(|group| group.task_num == 0) {
        let (pool_type, status) = (i16::from(group.pool_type), group.status.code());
        let reason = format!("the one of pool type {pool_type} and status {status} is of no task");
        return Err(VerifyError::contradiction("groups", reason));
    }
    let complete = |group: &&GroupSums| group.pool_type == PoolType::Complete;
    check_sum("total", total, &groups.iter().collect::<Vec<_>>())?;
    check_sum("delivered", &document.delivered, &groups.iter().filter(complete).collect::<Vec<_>>())?;
    equal("rows.tasks", document.rows.tasks.into(), total.task_num.into(), "total.taskNum is")
}

fn check_sum(name: &str, stated: &SumsEnvelope, groups: &[&GroupSums]) -> Checked {
    type Part = (&'static str, u128, fn(&GroupSums) -> u128);
    let parts: [Part; 4] = [
        ("taskNum", stated.task_num.into(), |group| group.task_num.into()),
        ("instanceNum", stated.instance_num, |group| group.instance_num),
        ("attributeNum", stated.attribute_num, |group| group.attribute_num),
        ("frameNum", stated.frame_num, |group| group.frame_num),
    ];
    for (part, stated, of_group) in parts {
        let member = format!("{name}.{part}");
        let sum = add_up(&member, groups.iter().map(|group| of_group(group)))?;
        equal(&member, stated, sum, "its groups add up to")?;
    }
    Ok(())
}

/// The items add up to the instances and attributes.
fn check_items(document: &Envelope) -> Checked {
    let Envelope { operation_items: items, total, delivered, .. } = document;
    if !items.is_sorted_by(|one, next| one.key < next.key) {
        let reason = "they are not in the order of the bytes of their keys, or one is there twice";
        return Err(VerifyError::contradiction("operationItems", reason));
    }
    items.iter().try_for_each(|item| check_item(item, total.task_num))?;
    let counts = add_up("operationItems", items.iter().map(|item| item.count))?;
    let of_delivered = add_up("operationItems", items.iter().map(|item| item.delivered))?;
    for (member, sums, sum) in [("total", total, counts), ("delivered", delivered, of_delivered)] {
        let annotated = format!("{member}.instanceNum + {member}.attributeNum");
        let stated = add_up(&annotated, [sums.instance_num, sums.attribute_num].into_iter())?;
        equal(&annotated, stated, sum, "the operation items add up to")?;
    }
    Ok(())
}

fn check_item(item: &ItemSum, tasks: u64) -> Checked {
    let reason = if item.kind.as_deref().is_some_and(|kind| !matches!(kind, "slot" | "input")) {
        "its kind is neither slot nor input"
    } else if item.delivered > item.count {
        "more of it is delivered than there is"
    } else if (item.count == 0) != (item.task_num == 0) || item.count < u128::from(item.task_num) {
        "its count and its taskNum do not go together"
    } else if item.task_num > tasks {
        "more tasks have it than there are"
    } else {
        return Ok(());
    };
    Err(VerifyError::contradiction(format!("operationItems `{}`", item.key), reason))
}

fn add_up(member: &str, mut numbers: impl Iterator<Item = u128>) -> Result<u128, VerifyError> {
    let sum = numbers.try_fold(0_u128, u128::checked_add);
    sum.ok_or_else(|| VerifyError::contradiction(member, "it is larger than any sum can be"))
}

fn equal(member: &str, stated: u128, other: u128, what: &str) -> Checked {
    if stated == other {
        return Ok(());
    }
    Err(VerifyError::contradiction(member, format!("it is {stated}, {what} {other}")))
}
