//! Datumaro JSON: categories and items.
//!
//! | here | in the file |
//! | --- | --- |
//! | task | an item, by its `id` |
//! | instance | an annotation that is not a bare classification; key = its label |
//! | attribute | an entry of an annotation's `attributes` that has a value: key `label/attribute`; a classification: key `/label` |
//! | frames | 1 |
//!
//! # Traps
//!
//! * A bare classification (`type: label`) is an attribute, `/label`; its own attributes are `label/attribute`.
//! * An item is known by its name: its id here is the [`stable_id`](crate::stable_id()) of it.
//! * An annotation without a label, or with one whose name is empty, counts under its type, and is reported; so
//!   does a classification, as `/label`. A `label_id` that the file's categories do not have is an error.
//! * What the tool writes itself is no attribute, and is reported value by value: `occluded`, `outside`, `keyframe`,
//!   `track_id`, `rotation`, `z_order` and `is_crowd`. An annotation that is marked as `outside` is not visible: it is
//!   not counted, with all its attributes, and is reported.
//! * A caption is no instance: it is not counted, with all its attributes, and is reported.
//! * The `attr` of an item is what a program noted of it; but for the number of its frame or image it is reported.
//! * A skeleton counts once; its `elements` are inside it, do not count and are reported. One of which all elements are
//!   outside is not visible.
//! * Shapes of one `group` are shapes each: the file does not say whether a group is one object.
//! * `hash_key` and `feature_vector` are computed by programs and not counted.
//! * Categories are before the items in files of Datumaro itself. Where they are behind, the items are kept until
//!   then, about 100 bytes each.
//! * Nothing is tracked, so the counting rules agree.

use crate::counting::texts_of;
use crate::input::{
    Bytes, Flag, FromMembers, Id, IsGiven, JsonInput, JsonItems, Name, ShapeAttributes, from_members, is_tool_value,
};
use crate::task_reader::TaskReader;
use crate::{FilePlace, FoundOperators, ReadError, Remark, Report, TaskCounts};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess};
use serde_json::Value;
use std::collections::VecDeque;

pub(crate) struct Datumaro<'input> {
    json: JsonInput<'input>,
    items: JsonItems,
    labels: Option<Vec<String>>,
    found: FoundOperators,
    /// Items that were read before the categories.
    waiting: VecDeque<Item>,
    ended: bool,
}

#[derive(serde::Deserialize)]
struct Item {
    #[serde(default)]
    id: Id,
    annotations: Option<Vec<Annotation>>,
    #[serde(default)]
    attr: ItemNotes,
}

/// How many values a program noted of an item, but for the numbers by which it knows it.
#[derive(Default)]
struct ItemNotes(u64);

#[derive(serde::Deserialize)]
struct Annotation {
    #[serde(rename = "type")]
    kind: Name,
    label_id: Option<i64>,
    #[serde(default)]
    attributes: ShapeAttributes,
    elements: Option<Vec<Element>>,
}

/// An element of a skeleton.
#[derive(serde::Deserialize)]
struct Element {
    #[serde(default)]
    attributes: ElementAttributes,
}

#[derive(Default)]
struct ElementAttributes {
    is_outside: bool,
}

#[derive(serde::Deserialize)]
struct Categories {
    label: Option<LabelCategories>,
}

#[derive(serde::Deserialize)]
struct LabelCategories {
    labels: Vec<Label>,
    /// The names of attributes that any label may have.
    #[serde(default)]
    attributes: Value,
}

#[derive(serde::Deserialize)]
struct Label {
    name: Name,
    /// The names of its own attributes.
    #[serde(default)]
    attributes: Value,
}

impl LabelCategories {
    fn add_to(&self, found: &mut FoundOperators) {
        for label in &self.labels {
            found.add_slot(&label.name.0, "");
            let names = texts_of(&label.attributes).chain(texts_of(&self.attributes));
            for name in names.filter(|name| !is_tool_value(name)) {
                found.add_attribute(&label.name.0, name, "");
            }
        }
    }
}

impl FromMembers for ItemNotes {
    fn take<'de, A: MapAccess<'de>>(&mut self, name: String, members: &mut A) -> Result<(), A::Error> {
        let IsGiven(is_given) = members.next_value()?;
        self.0 += u64::from(is_given && !matches!(name.as_str(), "frame" | "id"));
        Ok(())
    }
}

impl<'de> Deserialize<'de> for ItemNotes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_members(deserializer)
    }
}

impl FromMembers for ElementAttributes {
    fn take<'de, A: MapAccess<'de>>(&mut self, name: String, members: &mut A) -> Result<(), A::Error> {
        if name == "outside" {
            self.is_outside = members.next_value::<Flag>()?.0;
        } else {
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for ElementAttributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_members(deserializer)
    }
}

impl Annotation {
    /// Whether nothing of it is visible: it is outside, or it has elements and all of them are.
    fn is_outside(&self) -> bool {
        let mut elements = self.elements.iter().flatten().peekable();
        let has_elements = elements.peek().is_some();
        self.attributes.is_outside || has_elements && elements.all(|element| element.attributes.is_outside)
    }

    /// Why it is not counted.
    fn obstacle(&self) -> Option<Remark> {
        match self.kind.0.as_str() {
            "hash_key" | "feature_vector" => Some(Remark::ComputedFeature),
            "caption" => Some(Remark::Caption),
            _ => self.is_outside().then_some(Remark::InvisibleShape),
        }
    }
}

impl<'input> Datumaro<'input> {
    pub(crate) fn new(input: Bytes<'input>) -> Self {
        Self {
            json: JsonInput::new(input),
            items: JsonItems::new(Some("items")),
            labels: None,
            found: FoundOperators::default(),
            waiting: VecDeque::new(),
            ended: false,
        }
    }

    fn advance(&mut self) -> Result<bool, ReadError> {
        let (labels, found) = (&mut self.labels, &mut self.found);
        self.items.advance(&mut self.json, |json, name| {
            if name != "categories" {
                return json.skip();
            }
            let categories = json.element::<Option<Categories>>()?.and_then(|categories| categories.label);
            if let Some(categories) = &categories {
                categories.add_to(found);
            }
            let names = categories.map(|label| label.labels.into_iter().map(|label| label.name.0).collect());
            *labels = Some(names.unwrap_or_default());
            Ok(())
        })
    }

    fn count(&self, item: Item, report: &mut Report) -> Result<TaskCounts, ReadError> {
        let labels = self.labels.as_deref().unwrap_or_default();
        let name = item.id.0.clone();
        let shown = crate::error::shortened(&name).into_owned();
        count(item, labels, report).map_err(|reason| self.json.error(format!("item `{shown}`: {reason}")))
    }
}

impl TaskReader for Datumaro<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadError> {
        while !self.ended {
            if !self.advance()? {
                self.ended = true;
                break;
            }
            let item: Item = self.json.element()?;
            if item.id.0.is_empty() {
                return Err(self.json.error("`id` is missing"));
            }
            if self.labels.is_some() {
                return self.count(item, report).map(Some);
            }
            self.waiting.push_back(item);
        }
        self.waiting.pop_front().map(|item| self.count(item, report)).transpose()
    }

    fn found_operators(&self) -> Option<&FoundOperators> {
        Some(&self.found)
    }

    fn place(&self) -> FilePlace {
        self.json.place()
    }
}

fn count(item: Item, labels: &[String], report: &mut Report) -> Result<TaskCounts, String> {
    let mut task = TaskCounts::named(&item.id.0)?;
    report.add(Remark::ItemNote, item.attr.0);
    for annotation in item.annotations.unwrap_or_default() {
        match annotation.obstacle() {
            Some(obstacle) => report.add(obstacle, 1),
            None => add(&annotation, labels, &mut task, report)?,
        }
    }
    Ok(task)
}

fn add(annotation: &Annotation, labels: &[String], task: &mut TaskCounts, report: &mut Report) -> Result<(), String> {
    let elements = annotation.elements.as_ref().map_or(0, Vec::len);
    report.add(Remark::SkeletonElement, u64::try_from(elements).unwrap_or(u64::MAX));
    report.add(Remark::ToolValue, annotation.attributes.tool_values);
    let label = label_of(annotation, labels, report)?;
    if annotation.kind.0 == "label" {
        task.add_attributes("", label, 1)?;
    } else {
        task.add_instances(label, 1)?;
    }
    annotation.attributes.names.iter().try_for_each(|attribute| task.add_attributes(label, attribute, 1))
}

/// The label of an annotation; without one its type.
fn label_of<'all>(
    annotation: &'all Annotation,
    labels: &'all [String],
    report: &mut Report,
) -> Result<&'all str, String> {
    let label = match annotation.label_id {
        None => "",
        Some(id) => {
            let label = usize::try_from(id).ok().and_then(|index| labels.get(index));
            label.ok_or_else(|| format!("label {id} is not in the {} labels of `categories`", labels.len()))?
        }
    };
    if label.is_empty() {
        report.add(Remark::WithoutLabel, 1);
        return Ok(&annotation.kind.0);
    }
    Ok(label)
}
