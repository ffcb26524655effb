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

#[cfg(test)]
mod tests {
    use super::*;
    use annotation_statistics_exports::write_line;
    use annotation_statistics_formats::JsonLines;
    use proptest::prelude::*;

    const DOCUMENT: &[u8] = include_bytes!("../../tests/golden/statement.json");
    const ROWS: &str = include_str!("../../tests/golden/rows.jsonl");

    type Read = (Row, Vec<(String, u64)>);

    fn quickly(line: &str) -> Option<Read> {
        let shape = RowShape::of(&Envelope::parse(DOCUMENT).unwrap()).unwrap();
        let mut items = Vec::new();
        let row = shape.read(line, |_, key, count| {
            items.push((key.to_owned(), count));
            Some(())
        });
        row.map(|row| (row, items))
    }

    /// By the parser of imports; `None` where an export would not write the line so.
    fn carefully(line: &str) -> Option<Read> {
        let task = JsonLines::new(line.as_bytes()).next()?.ok()?;
        let mut written = Vec::new();
        write_line(&mut written, &task).unwrap();
        let statistics = &task.statistics;
        let row = Row {
            id: statistics.id(),
            status: statistics.status(),
            pool_type: statistics.pool_type(),
            instances: statistics.instance_num(),
            attributes: statistics.attribute_num(),
            frames: statistics.frame_num(),
        };
        let items = statistics.instance_info().iter().map(|(key, count)| (key.to_owned(), count.into())).collect();
        (written.strip_suffix(b"\n") == Some(line.as_bytes())).then_some((row, items))
    }

    #[test]
    fn lines_without_escapes_and_kinds_are_read_quickly() {
        let is_usual = |line: &str| !line.contains('\\') && !line.contains("itemKinds");
        let (usual, others): (Vec<_>, Vec<_>) = ROWS.lines().partition(|line| is_usual(line));
        assert_eq!((usual.len(), others.len()), (263, 3));
        assert!(usual.iter().all(|line| quickly(line).is_some()));
        assert!(others.iter().all(|line| quickly(line).is_none()));
    }

    #[test]
    fn what_an_export_does_not_write_is_not_read() {
        let line = ROWS.lines().nth(5).unwrap();
        for (from, to, reason) in [
            ("\"id\":9", "\"id\":09", "a zero in front"),
            ("\"id\":9", "\"id\":-0", "minus zero"),
            ("\"id\":9", "\"id\":+9", "a plus sign"),
            ("\"id\":9", "\"id\":9.0", "a fraction"),
            ("\"id\":9", "\"id\":9223372036854775808", "a number that is too large"),
            ("\"id\":9", "\"id\":", "no number"),
            ("\"car\":9", "\"car\":-9", "a count below zero"),
            ("\"car\":9", "\"car\": 9", "a blank"),
            ("\"car\":9,\"car/color\":1", "\"car/color\":1,\"car\":9", "another order"),
            ("\"car\":9,\"car/color\":1", "\"car\":9,\"car\":1", "a key twice"),
            ("\"car\":9,", "\"car\":9,,", "nothing between commas"),
            ("\"car/color\":1", "\"car/color\":1,", "a comma at the end"),
            ("\"car\":9", "\"\":9", "an empty key"),
            ("\"instanceNum\":9", "\"instanceNum\":8", "sums that disagree"),
            ("\"poolType\":5", "\"poolType\":6", "no pool type"),
            ("\"status\":11", "\"status\":2147483648", "no status"),
            ("a pool", "", "an empty name"),
            ("}", "} ", "a blank behind the counts"),
            ("\"frameNum\":2}", "\"frameNum\":2,\"more\":1}", "another member"),
            ("\"R\"", "\"\\u0052\"", "an escape for nothing"),
        ] {
            assert!(line.contains(from), "{from}");
            let changed = line.replacen(from, to, 1);
            assert_eq!((quickly(&changed), carefully(&changed)), (None, None), "{reason}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_quickly_is_what_an_export_wrote(
            line in 0..266_usize,
            changes in proptest::collection::vec((any::<prop::sample::Index>(), "[-+ 0-9a-z\"\\\\{}:,é\t]{0,2}"), 1..3),
        ) {
            let mut characters: Vec<String> = ROWS.lines().nth(line).unwrap().chars().map(String::from).collect();
            for (place, to) in changes {
                let place = place.index(characters.len());
                characters[place] = to;
            }
            let changed = characters.concat();
            if let Some(read) = quickly(&changed) {
                prop_assert_eq!(Some(read), carefully(&changed), "{}", changed);
            }
        }
    }
}
