//! Whether rows are those of a document.

use super::VerifyError;
use super::row::{Row, RowShape};
use crate::sums::ItemCounts;
use crate::{Envelope, EnvelopeError, open_rows};
use annotation_statistics_domain::{PoolType, RecordedTask, Sha256, TaskId, Totals};
use annotation_statistics_exports::write_line;
use annotation_statistics_formats::{JsonLines, MAX_LINE_BYTES};
use sha2::{Digest, Sha256 as Hash};
use std::io::{BufRead, Read};

/// Verifies that rows, plain or compressed, are those of this document, whose signature was verified before.
///
/// A line at a time is held in memory.
///
/// # Errors
/// [`VerifyError`]: the first line that is not as it was signed, or what the rows do not agree with as a whole.
pub fn verify_rows(document: &Envelope, rows: impl Read) -> Result<(), VerifyError> {
    let mut check = RowsCheck::new(document)?;
    let failed = |error| VerifyError::Read { line: 0, error };
    let mut input = open_rows(rows).map_err(failed)?;
    let mut line = Vec::new();
    let longest = u64::try_from(MAX_LINE_BYTES).unwrap_or(u64::MAX);
    loop {
        line.clear();
        let most = document.rows.bytes.saturating_sub(check.bytes).min(longest).saturating_add(1);
        let read = input.by_ref().take(most).read_until(b'\n', &mut line);
        if read.map_err(|error| VerifyError::Read { line: check.lines, error })? == 0 {
            return check.finish();
        }
        check.take(&line)?;
    }
}

/// What was read of the rows.
struct RowsCheck<'a> {
    document: &'a Envelope,
    shape: RowShape,
    hash: Hash,
    bytes: u64,
    lines: u64,
    last: Option<TaskId>,
    /// In the order of those of the document.
    groups: Vec<Totals>,
    items: Vec<ItemCounts>,
    /// The operation items of a line, by their places in the document.
    found: Vec<(usize, u64)>,
}

/// The task of a line, where it is known, and why the line is refused.
type Wrong = (Option<TaskId>, String);

impl<'a> RowsCheck<'a> {
    fn new(document: &'a Envelope) -> Result<Self, EnvelopeError> {
        Ok(Self {
            document,
            shape: RowShape::of(document)?,
            hash: Hash::new(),
            bytes: 0,
            lines: 0,
            last: None,
            groups: vec![Totals::default(); document.groups.len()],
            items: vec![ItemCounts::default(); document.operation_items.len()],
            found: Vec::new(),
        })
    }

    fn take(&mut self, line: &[u8]) -> Result<(), VerifyError> {
        self.lines += 1;
        self.hash.update(line);
        self.bytes = self.bytes.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
        self.read(line).map_err(|(task, reason)| VerifyError::Line { line: self.lines, task, reason })
    }

    fn read(&mut self, line: &[u8]) -> Result<(), Wrong> {
        let whole = |reason: &str| (None, reason.to_owned());
        if self.bytes > self.document.rows.bytes || self.lines > self.document.rows.tasks {
            return Err(whole("there is more than the document says that there is"));
        }
        let line = line.strip_suffix(b"\n").ok_or_else(|| whole("it has no line break at its end"))?;
        let line = std::str::from_utf8(line).map_err(|_| whole("it is not UTF-8"))?;
        self.found.clear();
        let (document, found) = (self.document, &mut self.found);
        let mut next = 0;
        let quick = self.shape.read(line, |_, key, count| match place_of(document, key, next) {
            Some(place) => {
                next = place + 1;
                found.push((place, count));
                Some(())
            }
            None => (count == 0).then_some(()),
        });
        let row = match quick {
            Some(row) => row,
            None => self.read_carefully(line)?,
        };
        self.add(row)
    }

    /// A line that is not of the usual kind, or that something is wrong with.
    fn read_carefully(&mut self, line: &str) -> Result<Row, Wrong> {
        let task = task_of(line, self.document)?;
        let statistics = &task.statistics;
        self.found.clear();
        for (key, count) in statistics.instance_info().iter() {
            match place_of(self.document, key, 0) {
                Some(place) => self.found.push((place, count.into())),
                None if count.get() == 0 => {}
                None => {
                    let reason = format!("the operation item `{key}` is not in the document");
                    return Err((Some(statistics.id()), reason));
                }
            }
        }
        Ok(Row {
            id: statistics.id(),
            status: statistics.status(),
            pool_type: statistics.pool_type(),
            instances: statistics.instance_num(),
            attributes: statistics.attribute_num(),
            frames: statistics.frame_num(),
        })
    }

    fn add(&mut self, row: Row) -> Result<(), Wrong> {
        let wrong = |reason: String| Err((Some(row.id), reason));
        if let Some(last) = self.last.filter(|last| *last >= row.id) {
            return wrong(format!("it comes behind task {last}, but the ids ascend and none is there twice"));
        }
        self.last = Some(row.id);
        let group = (row.pool_type, row.status);
        let place = self.document.groups.binary_search_by_key(&group, |group| (group.pool_type, group.status));
        let Some(group) = place.ok().and_then(|place| self.groups.get_mut(place)) else {
            let (pool_type, status) = (i16::from(row.pool_type), row.status.code());
            return wrong(format!("the document has no group of pool type {pool_type} and status {status}"));
        };
        group.tasks += 1;
        group.instances += u128::from(u64::from(row.instances));
        group.attributes += u128::from(u64::from(row.attributes));
        group.frames += u128::from(u64::from(row.frames));
        for (place, count) in &self.found {
            if let Some(item) = self.items.get_mut(*place) {
                item.add(*count, row.pool_type == PoolType::Complete);
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), VerifyError> {
        let rows = &self.document.rows;
        let same = |member, found: String, stated: String| {
            if found == stated { Ok(()) } else { Err(VerifyError::Rows { member, found, stated }) }
        };
        same("number", self.lines.to_string(), rows.tasks.to_string())?;
        same("size in bytes", self.bytes.to_string(), rows.bytes.to_string())?;
        same("SHA-256", Sha256(self.hash.finalize().into()).to_string(), rows.sha256.clone())?;
        for (group, found) in self.document.groups.iter().zip(&self.groups) {
            let of = format!("groups, pool type {}, status {}", i16::from(group.pool_type), group.status.code());
            agree(&of, "taskNum", group.task_num.into(), found.tasks.into())?;
            agree(&of, "instanceNum", group.instance_num, found.instances)?;
            agree(&of, "attributeNum", group.attribute_num, found.attributes)?;
            agree(&of, "frameNum", group.frame_num, found.frames)?;
        }
        for (item, found) in self.document.operation_items.iter().zip(&self.items) {
            let of = format!("operationItems, key `{}`", item.key);
            agree(&of, "count", item.count, found.count)?;
            agree(&of, "delivered", item.delivered, found.delivered)?;
            agree(&of, "taskNum", item.task_num.into(), found.tasks.into())?;
        }
        Ok(())
    }
}

/// Where an operation item is in a document; most often at the place after the one before.
fn place_of(document: &Envelope, key: &str, next: usize) -> Option<usize> {
    let items = &document.operation_items;
    if items.get(next).is_some_and(|item| item.key.as_str() == key) {
        return Some(next);
    }
    items.binary_search_by(|item| item.key.as_str().cmp(key)).ok()
}

/// The task of a line that is written as exports write it, and is of the request, campaign and rule of the document.
fn task_of(line: &str, document: &Envelope) -> Result<RecordedTask, Wrong> {
    let read = JsonLines::new(line.as_bytes()).next().ok_or_else(|| (None, "it is blank".to_owned()))?;
    let task = read.map_err(|error| {
        let field = error.field.map_or_else(String::new, |field| format!("{field}: "));
        (None, format!("{field}{}", error.reason))
    })?;
    let wrong = |reason: String| Err((Some(task.statistics.id()), reason));
    let (request, campaign) = (&document.annotation_request_id, &document.campaign_id);
    if task.annotation_request_id != *request {
        return wrong(format!("it is of the annotation request `{}`, not of `{request}`", task.annotation_request_id));
    }
    if task.statistics.campaign_id() != campaign {
        return wrong(format!("it is of the campaign `{}`, not of `{campaign}`", task.statistics.campaign_id()));
    }
    if task.counting_rule != document.counting_rule {
        return wrong("it is counted by another rule than the document says".to_owned());
    }
    let mut written = Vec::with_capacity(line.len() + 1);
    let is_same = write_line(&mut written, &task).is_ok() && written.strip_suffix(b"\n") == Some(line.as_bytes());
    if is_same {
        return Ok(task);
    }
    let same = written.iter().zip(line.as_bytes()).take_while(|(one, other)| one == other).count();
    wrong(format!("it is not written as statements write it, from byte {} on", same + 1))
}

fn agree(of: &str, member: &str, stated: u128, found: u128) -> Result<(), VerifyError> {
    if stated == found { Ok(()) } else { Err(VerifyError::Sums { member: format!("{of}, {member}"), found, stated }) }
}
