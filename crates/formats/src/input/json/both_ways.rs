//! What both ways to read JSON say of a text: the fast one, and the careful one without a break.

use crate::ReadError;
use crate::input::json::careful::{Careful, Origin};
use crate::input::json::given_count::GivenCount;
use crate::input::json::json_input::JsonInput;
use crate::input::json::key_values::CountedJson;
use crate::input::json::scalars::{Flag, Id, Name};
use crate::input::json::shape_attributes::ShapeAttributes;
use crate::input::json::values::{HasValue, IsGiven};
use crate::input::non_numbers::NonNumbers;
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
    write(&mut notes, format_args!("{read:?} {:?}", read.is_ok().then(|| json.line())));
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
            write(notes, format_args!("{name} at {}, ", json.byte()));
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
    write(notes, format_args!("to {}; ", json.byte()));
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

fn write(notes: &mut String, note: std::fmt::Arguments<'_>) {
    // A text takes all that is written to it.
    let _ = notes.write_fmt(note);
}

/// What the fast way and the careful way to read JSON say of a file: each value that the steps make them read, its place, and
/// at last the error, with its line, byte and path. The file comes in pieces of `buffer` bytes. For tests, to compare both.
#[must_use]
pub fn json_both_ways(text: &[u8], steps: &[u8], buffer: usize) -> [String; 2] {
    let whole = NonNumbers::new(text);
    let careful = Careful::new("", whole, Origin::default()).map(|mut careful| noted(&mut careful, steps));
    let fast = noted(&mut JsonInput::new(Box::new(BufReader::with_capacity(buffer, text))), steps);
    [fast, careful.unwrap_or_else(|error| error.to_string())]
}
