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
//! * An item is known by its name: its id here is the [`stable_id`](crate::stable_id) of it.
//! * An annotation without a label counts under its type, and is told in the report. A `label_id` that the file's
//!   categories do not have is a fault.
//! * A skeleton counts once; its `elements` stand inside it and do not count.
//! * Shapes of one `group` are shapes each: the file does not say whether a group is one object.
//! * `hash_key` and `feature_vector` are computed by programs and not counted.
//! * Categories stand before the items in files of Datumaro itself. Where they stand behind, the items are kept until
//!   then, about 100 bytes each.
//! * Nothing is tracked, so the counting rules agree.

use crate::json_input::{Bytes, JsonInput};
use crate::json_items::JsonItems;
use crate::json_values::{Name, NamesWithValue};
use crate::reading::TaskReader;
use crate::{FilePlace, ReadFault, Remark, Report, TaskCounts};
use serde::Deserialize;
use std::collections::VecDeque;

pub(crate) struct Datumaro<'input> {
    json: JsonInput<'input>,
    items: JsonItems,
    labels: Option<Vec<String>>,
    /// Items that were read before the categories.
    waiting: VecDeque<Item>,
    ended: bool,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    id: Name,
    annotations: Option<Vec<Annotation>>,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(rename = "type")]
    kind: String,
    label_id: Option<i64>,
    #[serde(default)]
    attributes: NamesWithValue,
}

#[derive(Deserialize)]
struct Categories {
    label: Option<LabelCategories>,
}

#[derive(Deserialize)]
struct LabelCategories {
    labels: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

impl<'input> Datumaro<'input> {
    pub(crate) fn new(input: Bytes<'input>) -> Self {
        Self {
            json: JsonInput::new(input),
            items: JsonItems::new(Some("items")),
            labels: None,
            waiting: VecDeque::new(),
            ended: false,
        }
    }

    fn advance(&mut self) -> Result<bool, ReadFault> {
        let labels = &mut self.labels;
        self.items.advance(&mut self.json, |json, name| {
            if name != "categories" {
                return json.skip();
            }
            let categories = json.element::<Option<Categories>>()?.and_then(|categories| categories.label);
            let names = categories.map(|label| label.labels.into_iter().map(|label| label.name).collect());
            *labels = Some(names.unwrap_or_default());
            Ok(())
        })
    }

    fn count(&self, item: Item, report: &mut Report) -> Result<TaskCounts, ReadFault> {
        let labels = self.labels.as_deref().unwrap_or_default();
        let name = item.id.0.clone();
        let shown = crate::read_fault::shortened(&name).into_owned();
        count(item, labels, report).map_err(|reason| self.json.fault(format!("item `{shown}`: {reason}")))
    }
}

impl TaskReader for Datumaro<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadFault> {
        while !self.ended {
            if !self.advance()? {
                self.ended = true;
                break;
            }
            let item: Item = self.json.element()?;
            if item.id.0.is_empty() {
                return Err(self.json.fault("`id` is missing"));
            }
            if self.labels.is_some() {
                return self.count(item, report).map(Some);
            }
            self.waiting.push_back(item);
        }
        self.waiting.pop_front().map(|item| self.count(item, report)).transpose()
    }

    fn place(&self) -> FilePlace {
        self.json.place()
    }
}

fn count(item: Item, labels: &[String], report: &mut Report) -> Result<TaskCounts, String> {
    let mut task = TaskCounts::named(&item.id.0)?;
    for annotation in item.annotations.unwrap_or_default() {
        if matches!(annotation.kind.as_str(), "hash_key" | "feature_vector") {
            report.add(Remark::ComputedFeature, 1);
            continue;
        }
        let label = label_of(&annotation, labels, report)?;
        if annotation.kind == "label" {
            task.add_attributes("", label, 1)?;
        } else {
            task.add_instances(label, 1)?;
        }
        for attribute in &annotation.attributes.0 {
            task.add_attributes(label, attribute, 1)?;
        }
    }
    Ok(task)
}

fn label_of<'all>(
    annotation: &'all Annotation,
    labels: &'all [String],
    report: &mut Report,
) -> Result<&'all str, String> {
    let Some(id) = annotation.label_id else {
        report.add(Remark::WithoutLabel, 1);
        return Ok(&annotation.kind);
    };
    let label = usize::try_from(id).ok().and_then(|index| labels.get(index));
    let unknown = || format!("label {id} is not in the {} labels of `categories`", labels.len());
    label.map(String::as_str).ok_or_else(unknown)
}
