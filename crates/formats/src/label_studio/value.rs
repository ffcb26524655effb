//! The `value` of an entry of a Label Studio result.

use crate::input::{CountedJson, Flag, HasValue, Name};
use crate::label_studio::visibility::Motion;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value as Json;
use std::fmt;

/// The types of entries that are attributes, and the member of their value that has the annotator's answer.
pub(super) const ATTRIBUTES: [(&str, &str); 9] = [
    ("choices", "choices"),
    ("textarea", "text"),
    ("number", "number"),
    ("rating", "rating"),
    ("taxonomy", "taxonomy"),
    ("datetime", "datetime"),
    ("pairwise", "selected"),
    ("ranker", "ranker"),
    ("chatmessage", "chatmessage"),
];

/// The members that say where in a text, a recording or an image something is.
const PLACES: [&str; 10] =
    ["start", "end", "startOffset", "endOffset", "x", "y", "points", "vertices", "rle", "imageDataURL"];

/// Between the levels of a path of a taxonomy.
const LEVEL: &str = " > ";

/// What counts of an entry's value.
#[derive(Debug, Default)]
pub(super) struct Value {
    /// Its labels, each once.
    pub(super) labels: Vec<String>,
    /// The paths that were chosen in a taxonomy.
    pub(super) paths: Vec<String>,
    /// The members of [`ATTRIBUTES`] with a value.
    pub(super) filled: Vec<&'static str>,
    pub(super) motion: Motion,
    /// Whether it has a list of keyframes or ranges, be it an empty one.
    pub(super) is_timed: bool,
    /// Whether it says where it is, other than by keyframes and ranges.
    pub(super) is_placed: bool,
    /// The frames of the video, 0 where that is not said.
    pub(super) frames: u64,
}

#[derive(serde::Deserialize)]
struct Keyframe {
    frame: FrameNumber,
    enabled: Option<Flag>,
    #[serde(default)]
    auto: Flag,
}

#[derive(serde::Deserialize)]
struct Range {
    start: FrameNumber,
    end: FrameNumber,
}

/// The number of a frame, which some programs write as `1.0`.
struct FrameNumber(u64);

/// A number of frames, which the browser may have computed as a fraction.
struct Frames(u64);

impl<'de> Deserialize<'de> for FrameNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = f64::deserialize(deserializer)?.to_string();
        text.parse().map(Self).map_err(|_| D::Error::custom("expected a whole number of at most 64 bits"))
    }
}

impl<'de> Deserialize<'de> for Frames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = f64::deserialize(deserializer)?.ceil().to_string();
        text.parse().map(Self).map_err(|_| D::Error::custom("expected a number of frames"))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut value = Value::default();
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "sequence" => value.add_keyframes(members.next_value()?),
                "ranges" => value.add_ranges(members.next_value()?),
                "framesCount" => value.frames = members.next_value::<Option<Frames>>()?.map_or(0, |frames| frames.0),
                "taxonomy" => value.add_paths(&members.next_value::<CountedJson>()?.0),
                name if name.ends_with("labels") => {
                    let labels: Option<Vec<Name>> = members.next_value()?;
                    value.add_labels(labels.unwrap_or_default().into_iter().map(|label| label.0));
                }
                name if PLACES.contains(&name) => {
                    value.is_placed |= members.next_value::<Option<IgnoredAny>>()?.is_some();
                }
                name => match ATTRIBUTES.iter().find(|(_, member)| *member == name) {
                    Some((_, member)) if members.next_value::<HasValue>()?.0 => value.filled.push(member),
                    Some(_) => {}
                    None => {
                        members.next_value::<IgnoredAny>()?;
                    }
                },
            }
        }
        Ok(value)
    }
}

impl Value {
    fn add_keyframes(&mut self, keyframes: Option<Vec<Keyframe>>) {
        self.is_timed |= keyframes.is_some();
        for Keyframe { frame, enabled, auto } in keyframes.into_iter().flatten() {
            self.motion.add_keyframe(frame.0, enabled.is_none_or(|enabled| enabled.0), !auto.0);
        }
    }

    fn add_ranges(&mut self, ranges: Option<Vec<Range>>) {
        self.is_timed |= ranges.is_some();
        for Range { start, end } in ranges.into_iter().flatten() {
            self.motion.add_range(start.0, end.0);
        }
    }

    fn add_paths(&mut self, taxonomy: &Json) {
        self.paths = paths(taxonomy);
        if !self.paths.is_empty() {
            self.filled.push("taxonomy");
        }
    }

    pub(super) fn add_labels(&mut self, labels: impl IntoIterator<Item = String>) {
        for label in labels {
            if !label.is_empty() && !self.labels.contains(&label) {
                self.labels.push(label);
            }
        }
    }

    /// What another entry says of the same region.
    pub(super) fn merge(&mut self, other: Self) {
        self.add_labels(other.labels);
        self.motion.merge(other.motion);
        self.is_timed |= other.is_timed;
        self.is_placed |= other.is_placed;
        self.frames = self.frames.max(other.frames);
    }

    /// Whether it says where, or when, it is.
    pub(super) fn has_place(&self) -> bool {
        self.is_placed || !self.motion.is_empty()
    }
}

/// The paths of a taxonomy, each a list of the names from its root on.
fn paths(taxonomy: &Json) -> Vec<String> {
    let path = |path: &Json| {
        let mut names = Vec::new();
        add_names(path, &mut names);
        names.join(LEVEL)
    };
    let paths = taxonomy.as_array().map(|all| all.iter().map(path).collect());
    let mut paths: Vec<String> = paths.unwrap_or_else(|| vec![path(taxonomy)]);
    paths.retain(|path| !path.is_empty());
    paths
}

fn add_names(path: &Json, names: &mut Vec<String>) {
    match (path.as_array(), path.as_str()) {
        (Some(parts), _) => parts.iter().for_each(|part| add_names(part, names)),
        (None, Some("")) => {}
        (None, Some(name)) => names.push(name.to_owned()),
        (None, None) if path.is_null() => {}
        (None, None) => names.push(path.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_taxonomy_is_read_from_its_root_on_and_what_is_empty_is_none() {
        for (json, expected) in [
            (r#"[["Eukarya","Animal"]]"#, &["Eukarya > Animal"][..]),
            (r#"[["A"],["B","C"]]"#, &["A", "B > C"]),
            (r#"[["A",7],"B"]"#, &["A > 7", "B"]),
            (r#""A""#, &["A"]),
            (r#"[["","A",null]]"#, &["A"]),
            ("[[]]", &[]),
            (r#"[[""],[[]],null]"#, &[]),
            ("[]", &[]),
            ("null", &[]),
        ] {
            assert_eq!(paths(&serde_json::from_str(json).unwrap()), expected, "{json}");
        }
    }

    #[test]
    fn frames_are_whole_numbers_however_they_are_written() {
        for (json, expected) in [("1", Some(1)), ("1.0", Some(1)), ("2e3", Some(2000)), ("1.5", None), ("-1", None)] {
            assert_eq!(serde_json::from_str::<FrameNumber>(json).ok().map(|frame| frame.0), expected, "{json}");
        }
        for (json, expected) in [("19.98", Some(20)), ("20", Some(20)), ("-3", None)] {
            assert_eq!(serde_json::from_str::<Frames>(json).ok().map(|frames| frames.0), expected, "{json}");
        }
    }
}
