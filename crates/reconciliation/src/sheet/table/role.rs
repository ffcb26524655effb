//! What the columns of sheets are for, by their names.

use crate::sheet::StatedMeasure;
use crate::{ItemNames, NamedItem};

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role<'a> {
    Id,
    SourceName,
    /// Names the operation item of the line.
    Item,
    /// Names it for people, beside its key or in place of it.
    Label,
    /// How many there are of it.
    Count,
    Total(StatedMeasure),
    /// How many there are of the operation item of this name.
    CountOf(&'a str),
    /// The annotation request.
    Request,
}

/// The names of columns but for case, blanks, `_` and `-`.
const NAMES: [(&str, Role<'static>); 24] = [
    ("id", Role::Id),
    ("taskid", Role::Id),
    ("task", Role::Id),
    ("sourcename", Role::SourceName),
    ("name", Role::SourceName),
    ("filename", Role::SourceName),
    ("file", Role::SourceName),
    ("image", Role::SourceName),
    ("operationitem", Role::Item),
    ("item", Role::Item),
    ("key", Role::Item),
    ("label", Role::Label),
    ("class", Role::Item),
    ("count", Role::Count),
    ("quantity", Role::Count),
    ("number", Role::Count),
    ("instancenum", Role::Total(StatedMeasure::Instances)),
    ("instances", Role::Total(StatedMeasure::Instances)),
    ("attributenum", Role::Total(StatedMeasure::Attributes)),
    ("attributes", Role::Total(StatedMeasure::Attributes)),
    ("framenum", Role::Total(StatedMeasure::Frames)),
    ("frames", Role::Total(StatedMeasure::Frames)),
    ("annotationrequestid", Role::Request),
    ("annotationrequest", Role::Request),
];

/// What our own exports have before the key of an operation item.
const PREFIX: &str = "instanceInfo.";

/// The longest name of those, with some blanks.
const MAX_NAME_BYTES: usize = 64;

impl<'a> Role<'a> {
    /// That of a column of this name; `None` where it is compared with nothing.
    pub(crate) fn of(name: &'a str, items: &ItemNames) -> Option<Self> {
        if let Some(key) = name.trim_start().strip_prefix(PREFIX).filter(|key| !key.is_empty()) {
            return Some(Self::CountOf(key));
        }
        let trimmed = name.trim();
        let is_item = |name| !matches!(items.find(name), NamedItem::Unknown);
        Self::of_known(trimmed).or_else(|| (is_item(name) || is_item(trimmed)).then_some(Self::CountOf(name)))
    }

    fn of_known(name: &str) -> Option<Self> {
        if name.len() > MAX_NAME_BYTES {
            return None;
        }
        let kept = name.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '_' | '-'));
        let plain: String = kept.map(|letter| letter.to_ascii_lowercase()).collect();
        NAMES.iter().find(|(known, _)| *known == plain).map(|(_, role)| *role)
    }

    /// Whether it has numbers that state something by themselves.
    pub(crate) fn is_measure(self) -> bool {
        matches!(self, Self::Total(_) | Self::CountOf(_))
    }
}
