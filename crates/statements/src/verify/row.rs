//! A row out of its line, several times as fast as a general parser.

use crate::Envelope;
use annotation_statistics_domain::{
    Count, InstanceInfo, OperationItemKey, PoolName, PoolType, SourceName, TaskId, TaskStatus,
};

/// What of a line is the same for all rows of a statement.
pub(super) struct RowShape {
    start: String,
    campaign: String,
}

/// A row without its operation items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: TaskId,
    pub(super) status: TaskStatus,
    pub(super) pool_type: PoolType,
    pub(super) instances: Count,
    pub(super) attributes: Count,
    pub(super) frames: Count,
}

impl RowShape {
    pub(super) fn of(document: &Envelope) -> Result<Self, serde_json::Error> {
        let mut start =
            format!("{{\"annotationRequestId\":{},", serde_json::to_string(&document.annotation_request_id)?);
        if let Some(rule) = &document.counting_rule {
            start.extend(["\"countingRule\":", &serde_json::to_string(rule)?, ","]);
        }
        let campaign = format!(",\"campaignId\":{},\"poolName\":", serde_json::to_string(&document.campaign_id)?);
        Ok(Self { start, campaign })
    }

    /// Reads a line without its end, if it is of the usual kind: without escapes and without `itemKinds`. `None` where it is
    /// not, or where anything is wrong with it: what is read is byte for byte what is written of it again.
    ///
    /// Gives each operation item to `item`, in their order.
    pub(super) fn read(&self, line: &str, mut item: impl FnMut(PoolType, &str, u64) -> Option<()>) -> Option<Row> {
        let mut rest = Rest(line);
        rest.skip(&self.start)?;
        if rest.skip("\"sourceName\":").is_some() {
            rest.text(SourceName::MAX_BYTES)?;
            rest.skip(",")?;
        }
        rest.skip("\"id\":")?;
        let id = TaskId::from(rest.number()?);
        rest.skip(",\"status\":")?;
        let status = TaskStatus::from(i32::try_from(rest.number()?).ok()?);
        rest.skip(&self.campaign)?;
        rest.text(PoolName::MAX_BYTES)?;
        rest.skip(",\"poolType\":")?;
        let pool_type = PoolType::try_from(i16::try_from(rest.number()?).ok()?).ok()?;
        rest.skip(",\"instanceInfo\":{")?;
        let total = rest.items(|key, count| item(pool_type, key, count))?;
        rest.skip(",\"instanceNum\":")?;
        let instances = rest.count()?;
        rest.skip(",\"attributeNum\":")?;
        let attributes = rest.count()?;
        rest.skip(",\"frameNum\":")?;
        let frames = rest.count()?;
        let adds_up = instances.checked_add(attributes) == Some(total);
        (adds_up && rest.0 == "}").then_some(Row { id, status, pool_type, instances, attributes, frames })
    }
}

/// What is left of a line.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn skip(&mut self, literal: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    /// A number as it is written: no blanks, no zeros in front, no `-0`.
    fn number(&mut self) -> Option<i64> {
        let is_digit = |byte: &u8| byte.is_ascii_digit();
        let sign = usize::from(self.0.starts_with('-'));
        let digits = self.0.as_bytes().get(sign..)?.iter().take_while(|byte| is_digit(byte)).count();
        let (text, rest) = self.0.split_at_checked(sign + digits)?;
        let has_zero_in_front = text.as_bytes().get(sign) == Some(&b'0') && sign + digits > 1;
        self.0 = rest;
        if has_zero_in_front { None } else { text.parse().ok() }
    }

    fn count(&mut self) -> Option<Count> {
        Count::try_from(self.number()?).ok()
    }

    /// A text in its quotes, without escapes, of 1 to so many bytes.
    fn text(&mut self, most: usize) -> Option<&'a str> {
        let inside = self.0.strip_prefix('"')?;
        let is_special = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
        let length = inside.as_bytes().iter().position(is_special)?;
        let (text, rest) = inside.split_at_checked(length)?;
        self.0 = rest.strip_prefix('"')?;
        (1..=most).contains(&length).then_some(text)
    }

    /// The members of an object of counts and its end; in byte order of their keys. Returns their sum.
    fn items(&mut self, mut item: impl FnMut(&str, u64) -> Option<()>) -> Option<Count> {
        let (mut total, mut last) = (Count::ZERO, "");
        if self.skip("}").is_some() {
            return Some(total);
        }
        for _ in 0..InstanceInfo::MAX_KEYS {
            let key = self.text(OperationItemKey::MAX_BYTES)?;
            self.skip(":")?;
            let count = self.count()?;
            if key <= last {
                return None;
            }
            item(key, count.into())?;
            (total, last) = (total.checked_add(count)?, key);
            if self.skip(",").is_none() {
                self.skip("}")?;
                return Some(total);
            }
        }
        None
    }
}
