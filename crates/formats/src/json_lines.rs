//! JSON Lines: one task a line, the form in which statistics travel between programs.
//!
//! A line is an object with the nine fields of a row of the public API, `annotationRequestId`, and, where they are known,
//! `countingRule`, `sourceName` (what the task was made of) and `itemKinds` (which keys are slots and which are inputs; it
//! holds for the whole request, so the first line that has a key is enough):
//!
//! ```json
//! {"annotationRequestId":"R","countingRule":"objects/2","itemKinds":{"car":"slot"},"sourceName":"a.jpg","id":7,"status":11,"campaignId":"C","poolName":"complete pool","poolType":5,"instanceInfo":{"car":2},"instanceNum":2,"attributeNum":0,"frameNum":1}
//! ```
//!
//! Blank lines, line breaks of Windows, a byte order mark at the start and fields that are not known are accepted.
//! Everything else that is not exactly so is an error, and the next line is read all the same.

mod line_error;

pub use line_error::{LineError, LineErrorKind};

use crate::input::{Line, MAX_LINE_BYTES, read_line, without_byte_order_mark};
use annotation_statistics_domain::wire::{self, RowReader, take_once};
use annotation_statistics_domain::{
    AnnotationRequestId, CountingRuleName, ItemKinds, Place, RecordedTask, Statistics, StatisticsParts,
};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use std::io::BufRead;

/// Reads one task a line, in memory that does not grow with the input.
///
/// After an error the iterator goes on with the next line, so that a dry run can list many; after an error of the
/// input itself ([`LineErrorKind::Io`]) it ends.
#[derive(Debug)]
pub struct JsonLines<R> {
    input: R,
    buffer: Vec<u8>,
    line: u64,
    ended: bool,
}

impl<R: BufRead> JsonLines<R> {
    /// Reads from the start of `input`.
    pub fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), line: 0, ended: false }
    }

    /// The next line that is not blank, or `None` at the end.
    fn next_task(&mut self) -> Result<Option<RecordedTask>, LineError> {
        loop {
            self.line += 1;
            match read_line(&mut self.input, &mut self.buffer, MAX_LINE_BYTES) {
                Err(error) => return Err(LineError::io(self.line, &error)),
                Ok(Line::End) => return Ok(None),
                Ok(Line::TooLong) => {
                    let reason = format!("the line is longer than {MAX_LINE_BYTES} bytes");
                    return Err(LineError::whole(self.line, reason));
                }
                Ok(Line::Whole) => {}
            }
            let bytes = if self.line == 1 { without_byte_order_mark(&self.buffer) } else { &self.buffer };
            if !bytes.trim_ascii().is_empty() {
                return parse(self.line, bytes).map(Some);
            }
        }
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Result<RecordedTask, LineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_task();
        self.ended = match &next {
            Ok(task) => task.is_none(),
            Err(error) => error.kind == LineErrorKind::Io,
        };
        next.transpose()
    }
}

/// What a line says. Not a row flattened into it: that would keep each line as a tree first.
struct TaskLine {
    annotation_request_id: AnnotationRequestId,
    counting_rule: Option<CountingRuleName>,
    item_kinds: ItemKinds,
    row: StatisticsParts,
}

impl<'de> Deserialize<'de> for TaskLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TaskLineVisitor)
    }
}

struct TaskLineVisitor;

impl<'de> Visitor<'de> for TaskLineVisitor {
    type Value = TaskLine;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a task")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<TaskLine, A::Error> {
        let (mut request, mut rule, mut kinds) = (None, None, None);
        let mut row = RowReader::default();
        wire::each_member(members, |name, members| match name {
            wire::ANNOTATION_REQUEST_ID => take_once(&mut request, wire::ANNOTATION_REQUEST_ID, members),
            wire::COUNTING_RULE => take_once(&mut rule, wire::COUNTING_RULE, members),
            wire::ITEM_KINDS => take_once(&mut kinds, wire::ITEM_KINDS, members),
            name => row.take(name, members),
        })?;
        Ok(TaskLine {
            annotation_request_id: request.ok_or_else(|| A::Error::missing_field(wire::ANNOTATION_REQUEST_ID))?,
            counting_rule: rule.flatten(),
            item_kinds: kinds.unwrap_or_default(),
            row: row.finish()?,
        })
    }
}

fn parse(line: u64, bytes: &[u8]) -> Result<RecordedTask, LineError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        LineError::whole(line, format!("not UTF-8 at byte {}", error.valid_up_to().saturating_add(1)))
    })?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(LineError::whole(line, "not an object: a task is written as `{...}`"));
    }
    let task = serde_json::from_str::<TaskLine>(text).map_err(|error| line_error(line, text, &error))?;
    let statistics = Statistics::new(task.row).map_err(|disagree| LineError::whole(line, disagree.to_string()))?;
    task.item_kinds.check(&statistics).map_err(|disagree| LineError::whole(line, format!("itemKinds: {disagree}")))?;
    Ok(RecordedTask {
        place: Place::from(line),
        annotation_request_id: task.annotation_request_id,
        counting_rule: task.counting_rule,
        item_kinds: task.item_kinds,
        statistics,
    })
}

/// Parses an invalid line once more, slower, to learn which field is invalid.
fn line_error(line: u64, text: &str, error: &serde_json::Error) -> LineError {
    let mut json = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, TaskLine>(&mut json) {
        Err(traced) => LineError::json(line, &traced.path().to_string(), traced.inner()),
        Ok(_) => LineError::json(line, ".", error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io;

    const GOOD: &str = concat!(
        r#"{"annotationRequestId":"R","id":7,"status":11,"campaignId":"C","poolName":"complete pool","poolType":5,"#,
        r#""instanceInfo":{"car":2,"car/color":1},"instanceNum":2,"attributeNum":1,"frameNum":1}"#
    );

    fn read(input: impl AsRef<[u8]>) -> Vec<Result<i64, String>> {
        let results = JsonLines::new(input.as_ref());
        results.map(|result| result.map(|task| task.statistics.id().get()).map_err(|error| error.to_string())).collect()
    }

    #[test]
    fn a_line_is_a_task_with_its_line_number_as_place() {
        let input = format!("\u{feff}\n \t\n{GOOD}\r\n\r\n{GOOD}");
        let tasks: Vec<_> = JsonLines::new(input.as_bytes()).map(Result::unwrap).collect();
        assert_eq!(tasks.iter().map(|task| task.place.number()).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(tasks[0].annotation_request_id.as_str(), "R");
        assert_eq!(tasks[0].statistics.instance_info().total().get(), 3);
        assert_eq!(read(format!("\u{feff}{GOOD}")), [Ok(7)]);
    }

    /// What is replaced in a good line, by what, and what is said then.
    const WRONG: &[(&str, &str, &str)] = &[
        (r#""poolType":5"#, r#""poolType":9"#, "poolType: 9 is not a pool type: it must be one of 0 to 5"),
        (r#""id":7,"#, "", "missing field `id`"),
        (r#""id":7"#, r#""id":7,"id":8"#, "duplicate field `id`"),
        (
            r#""id":7"#,
            r#""id":7.0"#,
            "id: invalid type: floating point `7.0`, expected a whole number within its range",
        ),
        (r#""id":7"#, r#""id":"7""#, r#"id: invalid type: string "7", expected a whole number within its range"#),
        (
            r#""id":7"#,
            r#""id":9223372036854775808"#,
            "id: invalid value: integer `9223372036854775808`, expected a whole number within its range",
        ),
        (r#""car":2"#, r#""car":-2"#, "instanceInfo.car: -2 is not a count: it must be at least 0"),
        (
            r#""car":2"#,
            r#""car":2e0"#,
            "instanceInfo.car: invalid type: floating point `2.0`, expected a whole number within its range",
        ),
        (r#""car":2"#, r#""car":2,"car":0"#, "instanceInfo: the key `car` is given twice"),
        (r#""car":2"#, r#""":2"#, "instanceInfo: a key must not be empty"),
        (
            r#""car":2"#,
            r#""car":4"#,
            "instanceInfo adds up to 5, but instanceNum + attributeNum is 2 + 1: they must be equal",
        ),
        (r#""R""#, r#""""#, "annotationRequestId: must not be empty"),
        ("complete pool", r"\u0000", "poolName: must not contain a NUL character"),
        (r#","frameNum":1}"#, "", "not JSON at byte 174: EOF while parsing an object"),
        (r#""status":11"#, r#""status" 11"#, "not JSON at byte 44: expected `:`"),
        (r#"},"instanceNum""#, r#"} x,"instanceNum""#, "not JSON at byte 143: expected `,` or `}`"),
        (r#""frameNum":1}"#, r#""frameNum":1} x"#, "not JSON at byte 190: trailing characters"),
    ];

    #[test]
    fn every_wrong_line_is_reported_and_reading_goes_on() {
        for (from, to, expected) in WRONG {
            assert!(GOOD.contains(from), "{from}");
            let line = GOOD.replacen(from, to, 1);
            assert_eq!(read(format!("{line}\n{GOOD}\n")), [Err(format!("line 1: {expected}")), Ok(7)]);
        }
    }

    #[test]
    fn what_is_no_object_of_a_fair_size_is_reported_and_reading_goes_on() {
        let deep = "[".repeat(10_000);
        for (line, expected) in [
            (format!("[{}]", &GOOD[1..]), "not an object: a task is written as `{...}`"),
            ("7".to_owned(), "not an object: a task is written as `{...}`"),
            (deep.clone(), "not an object: a task is written as `{...}`"),
            (format!("{{\"x\":{deep}"), "not JSON at byte 10005: EOF while parsing a list"),
            (format!("{{\"id\":{deep}"), "id: invalid type: sequence, expected a whole number within its range"),
            (" ".repeat(MAX_LINE_BYTES + 1), "the line is longer than 134217728 bytes"),
        ] {
            assert_eq!(read(format!("{line}\n{GOOD}\n")), [Err(format!("line 1: {expected}")), Ok(7)]);
        }
    }

    #[test]
    fn a_byte_that_is_no_text_is_named() {
        let mut input = GOOD.as_bytes().to_vec();
        input[24] = 0xE9;
        assert_eq!(read(&input), [Err("line 1: not UTF-8 at byte 25".to_owned())]);
        let utf_16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(read(&utf_16)[0].is_err());
    }

    #[test]
    fn unknown_fields_are_ignored() {
        assert_eq!(read(GOOD.replace(r#""id":7"#, r#""id":7,"note":{"by":["x"]}"#)), [Ok(7)]);
    }

    #[test]
    fn a_failing_input_ends_the_lines() {
        struct Broken;
        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let input = io::BufReader::new(io::Read::chain(GOOD.as_bytes(), Broken));
        let results: Vec<_> = JsonLines::new(input).collect();
        assert_eq!(results.len(), 1);
        let error = results[0].as_ref().unwrap_err();
        assert_eq!(error.kind, LineErrorKind::Io);
        assert_eq!(error.to_string(), "line 1: the input cannot be read: the disk is gone");
    }

    proptest! {
        #[test]
        fn no_input_makes_it_panic(input in proptest::collection::vec(any::<u8>(), 0..300), at in 0_usize..210, bit in 0_u8..8) {
            let _ = read(&input);
            let mut flipped = GOOD.as_bytes().to_vec();
            if let Some(byte) = flipped.get_mut(at) {
                *byte ^= 1 << bit;
            }
            let _ = read(&flipped);
            let _ = read(&GOOD.as_bytes()[..at.min(GOOD.len())]);
        }
    }
}
