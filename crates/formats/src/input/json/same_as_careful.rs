//! Both ways to read JSON say the same: the fast one, and the careful one without a break.

use crate::ReadError;
use crate::input::json::careful::{Careful, Origin};
use crate::input::json::{CountedJson, Flag, GivenCount, HasValue, Id, IsGiven, JsonInput, Name, ShapeAttributes};
use proptest::prelude::*;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny};
use serde_json::Value;
use std::fmt::{Debug, Write};
use std::io::{BufReader, Read};
use struson::reader::ValueType;

/// What both ways can do.
trait Ways {
    fn peek(&mut self) -> Result<ValueType, ReadError>;
    fn has_next(&mut self) -> Result<bool, ReadError>;
    fn begin(&mut self, kind: ValueType) -> Result<(), ReadError>;
    fn end(&mut self, kind: ValueType) -> Result<(), ReadError>;
    fn name(&mut self) -> Result<String, ReadError>;
    fn skip(&mut self) -> Result<(), ReadError>;
    fn element<T: DeserializeOwned>(&mut self) -> Result<T, ReadError>;
    fn byte(&self) -> u64;
    fn line(&self) -> Option<u64>;
}

impl Ways for JsonInput<'_> {
    fn peek(&mut self) -> Result<ValueType, ReadError> {
        self.peek()
    }

    fn has_next(&mut self) -> Result<bool, ReadError> {
        self.has_next()
    }

    fn begin(&mut self, kind: ValueType) -> Result<(), ReadError> {
        if kind == ValueType::Array { self.begin_array() } else { self.begin_object() }
    }

    fn end(&mut self, kind: ValueType) -> Result<(), ReadError> {
        if kind == ValueType::Array { self.end_array() } else { self.end_object() }
    }

    fn name(&mut self) -> Result<String, ReadError> {
        self.name()
    }

    fn skip(&mut self) -> Result<(), ReadError> {
        self.skip()
    }

    fn element<T: DeserializeOwned>(&mut self) -> Result<T, ReadError> {
        self.element()
    }

    fn byte(&self) -> u64 {
        self.byte()
    }

    fn line(&self) -> Option<u64> {
        self.place().line
    }
}

impl<R: Read> Ways for Careful<'_, R> {
    fn peek(&mut self) -> Result<ValueType, ReadError> {
        self.peek()
    }

    fn has_next(&mut self) -> Result<bool, ReadError> {
        self.has_next()
    }

    fn begin(&mut self, kind: ValueType) -> Result<(), ReadError> {
        if kind == ValueType::Array { self.begin_array() } else { self.begin_object() }
    }

    fn end(&mut self, kind: ValueType) -> Result<(), ReadError> {
        if kind == ValueType::Array { self.end_array() } else { self.end_object() }
    }

    fn name(&mut self) -> Result<String, ReadError> {
        self.name()
    }

    fn skip(&mut self) -> Result<(), ReadError> {
        self.skip()
    }

    fn element<T: DeserializeOwned>(&mut self) -> Result<T, ReadError> {
        self.element()
    }

    fn byte(&self) -> u64 {
        self.byte()
    }

    fn line(&self) -> Option<u64> {
        self.position().line_pos.map(|place| place.line + 1)
    }
}

/// An element as formats have them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Element {
    #[serde(rename = "a")]
    _id: Option<i64>,
    #[serde(rename = "b")]
    _name: Name,
    #[serde(rename = "é")]
    _shape: IsGiven,
    #[serde(rename = "NaN")]
    _attributes: ShapeAttributes,
}

/// Every value that is shown, so that both ways are compared by what they read.
struct Shown(String);

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| Self(format!("{value:?}")))
    }
}

/// Reads a file as the steps say, and notes all that is read and where.
fn noted(json: &mut impl Ways, steps: &[u8]) -> String {
    let (mut notes, mut steps) = (String::new(), steps.iter().copied().cycle());
    let read = value(json, &mut steps, 0, &mut notes).and_then(|()| {
        while json.has_next()? {
            value(json, &mut steps, 0, &mut notes)?;
        }
        Ok(())
    });
    write!(notes, "{read:?} {:?}", read.is_ok().then(|| json.line())).unwrap();
    notes
}

fn value(
    json: &mut impl Ways,
    steps: &mut impl Iterator<Item = u8>,
    depth: u8,
    notes: &mut String,
) -> Result<(), ReadError> {
    let step = steps.next().unwrap_or_default();
    let kind = if step.is_multiple_of(2) { Some(json.peek()?) } else { None };
    if let Some(kind @ (ValueType::Array | ValueType::Object)) = kind
        && depth < 20
    {
        json.begin(kind)?;
        while json.has_next()? {
            let name = if kind == ValueType::Object { json.name()? } else { String::new() };
            write!(notes, "{name} at {}, ", json.byte()).unwrap();
            value(json, steps, depth + 1, notes)?;
        }
        json.end(kind)?;
    } else {
        match step % 24 / 2 {
            0 => note::<Shown>(json, notes, |shown| shown.0)?,
            1 => note::<Element>(json, notes, |element| format!("{element:?}"))?,
            2 => note::<Vec<Element>>(json, notes, |elements| format!("{elements:?}"))?,
            3 => note::<Name>(json, notes, |name| name.0)?,
            4 => note::<Id>(json, notes, |id| id.0)?,
            5 => note::<Option<Flag>>(json, notes, |flag| format!("{flag:?}"))?,
            6 => note::<HasValue>(json, notes, |has| format!("{has:?}"))?,
            7 => note::<GivenCount>(json, notes, |given| format!("{given:?}"))?,
            8 => note::<CountedJson>(json, notes, |counted| format!("{counted:?}"))?,
            9 => note::<(i64, f64)>(json, notes, |numbers| format!("{numbers:?}"))?,
            10 => note::<IgnoredAny>(json, notes, |_| String::new())?,
            _ => json.skip()?,
        }
    }
    write!(notes, "to {}; ", json.byte()).unwrap();
    Ok(())
}

fn note<T: DeserializeOwned>(
    json: &mut impl Ways,
    notes: &mut String,
    show: impl FnOnce(T) -> String,
) -> Result<(), ReadError> {
    notes.push_str(&show(json.element()?));
    Ok(())
}

fn same(text: &[u8], steps: &[u8], buffer: usize) -> Result<(), TestCaseError> {
    let whole = crate::input::non_numbers::NonNumbers::new(text);
    let expected = noted(&mut Careful::new("", whole, Origin::default()).unwrap(), steps);
    let fast = noted(&mut JsonInput::new(Box::new(BufReader::with_capacity(buffer, text))), steps);
    prop_assert_eq!(fast, expected, "{}", String::from_utf8_lossy(text));
    Ok(())
}

/// A valid document, with what parsers read in different ways.
fn document() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "-?(0|[1-9][0-9]{0,4})",
        "-?[0-9][.][0-9]{1,21}",
        "-?[1-9][0-9]{17,42}",
        "[1-9](e|E)[+-]?[0-9]{1,4}",
        "\"[a-z é\u{1F600}]{0,12}\"",
        proptest::sample::select(vec![
            "-0",
            "-0.0",
            "null",
            "true",
            "false",
            "NaN",
            "-Infinity",
            "\"\"",
            "\"a\\u00e9\\n\"",
            "\"\\ud83d\\ude00\"",
            "\"\\udead\"",
            "\"0\"",
            "[]",
            "{}",
        ])
        .prop_map(str::to_owned),
    ];
    let blank = proptest::sample::select(vec!["", "", "", " ", "\n", "\r\n", "\r", "\t \n"]);
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let items = proptest::collection::vec((blank.clone(), inner.clone()), 0..6);
        let name = proptest::sample::select(vec!["a", "b", "é", "NaN", "outside", "a\\n", "\\u0061"]);
        let members = proptest::collection::vec((blank.clone(), name, inner), 0..6);
        let item = |(blank, value): (&str, String)| format!("{blank}{value}{blank}");
        let member = |(blank, name, value): (&str, &str, String)| format!("{blank}\"{name}\"{blank}:{blank}{value}");
        prop_oneof![
            items.prop_map(move |items| format!("[{}]", items.into_iter().map(item).collect::<Vec<_>>().join(","))),
            members.prop_map(move |all| format!("{{{}}}", all.into_iter().map(member).collect::<Vec<_>>().join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn a_valid_document_is_read_alike(
        documents in proptest::collection::vec(document(), 1..4),
        steps in proptest::collection::vec(any::<u8>(), 1..40),
        buffer in prop_oneof![1_usize..40, Just(1 << 16)],
    ) {
        same(documents.join("\n").as_bytes(), &steps, buffer)?;
    }

    #[test]
    fn a_broken_document_has_the_same_error_at_the_same_place(
        document in document(),
        at in any::<prop::sample::Index>(),
        cut in 0_usize..4,
        put in proptest::sample::select(vec![
            &b""[..], b",", b":", b"\"", b"[", b"}", b"]", b"{", b"x", b"0", b"-", b"\\", b"\xE9", b"\xF0\x9F", b"/", b"\x01",
            b"nul", b"[[[[", b"NaN", b"\xEF\xBB\xBF",
        ]),
        steps in proptest::collection::vec(any::<u8>(), 1..40),
        buffer in prop_oneof![1_usize..40, Just(1 << 16)],
    ) {
        let mut text = document.into_bytes();
        let start = at.index(text.len() + 1);
        text.splice(start..text.len().min(start + cut), put.iter().copied());
        same(&text, &steps, buffer)?;
    }
}

#[test]
fn what_is_longer_than_memory_should_hold_is_read_alike() {
    let long = "[1.25,-3] ".repeat(30_000).replace("] [", "],[");
    for (text, steps) in [
        (format!("{{\"a\":[{long}],\"b\":[{long}{{}} x]}}"), &[23, 23, 1][..]),
        (format!("{{\"a\":[{long}],\"b\":[{long}]}}"), &[22]),
        (format!("[[{long}],{}[{long}]]", " \r\n".repeat(1_500_000)), &[0, 1]),
        (format!("[\"{}\",-0]", "é".repeat(2_200_000)), &[0, 23]),
        (format!("{{\"{}\":7}}", "é".repeat(2_200_000)), &[0, 1]),
        (format!("{{\"a\":{}1{}}}", "[".repeat(99), "]".repeat(99)), &[23]),
        (format!("{{\"a\":{}1{}}}", "[".repeat(100), "]".repeat(100)), &[23]),
        (format!("[{}]", "[],".repeat(200) + "7"), &[1]),
    ] {
        same(text.as_bytes(), steps, 1 << 13).unwrap();
    }
}
