//! COCO: images, annotations and categories, in whatever order the file has them.
//!
//! | here | in the file |
//! | --- | --- |
//! | task | an image, by its `id`; images without annotations too, in the order of `images` |
//! | instance | an annotation, or a segment of a panoptic annotation; key = the name of its category |
//! | attribute | an entry of an annotation's `attributes` that has a value; key = `category/attribute` |
//! | frames | 1 |
//!
//! # Traps
//!
//! * Annotations may stand before the images and categories that they refer to, so nothing is known before the end of
//!   the file. Until then an image takes about 10 bytes, and 3 to 8 for each key that it has; geometry is never kept.
//!   Ids that are scattered over all numbers take 30 bytes more, each, to find one that comes twice.
//! * A crowd region (`iscrowd`) counts once, since somebody drew it, and is told in the report.
//! * `false` and `0` are values of an attribute; `null`, `""`, `[]` and `{}` are not.
//! * An id may be used once: a second image, annotation or category with it is a fault, not a sum.
//! * Two categories with one name are one key.
//! * A caption has no category and is not counted; any other annotation without a category is a fault.
//! * Nothing is tracked, so the counting rules agree.

use crate::id_set::IdSet;
use crate::item_key::{attribute_key, instance_key};
use crate::json_input::{Bytes, JsonInput};
use crate::json_values::{Flag, HasValue, NamesWithValue};
use crate::reading::TaskReader;
use crate::tally::{Counted, Tally};
use crate::tally_keys::{Key, Keys};
use crate::task_counts::count_of;
use crate::{FilePlace, ReadFault, Remark, Report, TaskCounts};
use annotation_statistics_domain::{Count, OperationItemKey};
use serde::Deserialize;
use std::collections::HashMap;

pub(crate) struct Coco<'input> {
    unread: Option<JsonInput<'input>>,
    read: Whole,
    next: usize,
}

impl<'input> Coco<'input> {
    pub(crate) fn new(input: Bytes<'input>) -> Self {
        Self { unread: Some(JsonInput::new(input)), read: Whole::default(), next: 0 }
    }
}

impl TaskReader for Coco<'_> {
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadFault> {
        if let Some(mut json) = self.unread.take() {
            self.read = Reading::default().read(&mut json, report)?;
        }
        let Some(&id) = self.read.images.get(self.next) else { return Ok(None) };
        self.next += 1;
        let task = self.read.task(id);
        task.map(Some).map_err(|reason| ReadFault::wrong(FilePlace::default(), format!("image {id}: {reason}")))
    }
}

#[derive(Deserialize)]
struct Image {
    id: i64,
}

#[derive(Deserialize)]
struct Category {
    id: i64,
    name: String,
}

#[derive(Deserialize)]
struct Annotation {
    id: Option<i64>,
    image_id: i64,
    category_id: Option<i64>,
    #[serde(default)]
    iscrowd: Flag,
    #[serde(default)]
    attributes: NamesWithValue,
    segments_info: Option<Vec<Segment>>,
    #[serde(default)]
    caption: HasValue,
}

#[derive(Deserialize)]
struct Segment {
    category_id: i64,
    #[serde(default)]
    iscrowd: Flag,
}

/// What is known of a file while it is read.
#[derive(Default)]
struct Reading {
    /// The images in the order of the file.
    images: Vec<i64>,
    image_ids: IdSet,
    /// Whether all images are known, so that an annotation of another one is a fault at once.
    has_images: bool,
    annotation_ids: IdSet,
    categories: HashMap<i64, String>,
    keys: Keys,
    tally: Tally,
}

impl Reading {
    fn read(mut self, json: &mut JsonInput<'_>, report: &mut Report) -> Result<Whole, ReadFault> {
        json.object(|json, name| match name {
            "images" => {
                json.array(|json| self.image(json))?;
                self.has_images = true;
                Ok(())
            }
            "annotations" => json.array(|json| self.annotation(json, report)),
            "categories" => json.array(|json| self.category(json)),
            _ => json.skip(),
        })?;
        json.finish()?;
        if !self.has_images {
            return Err(json.fault("`images` is missing"));
        }
        self.finish()
    }

    fn image(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadFault> {
        let id = json.element::<Image>()?.id;
        if !self.image_ids.insert(id) {
            return Err(json.fault(format!("image {id} is given twice")));
        }
        self.images.push(id);
        Ok(())
    }

    fn category(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadFault> {
        let Category { id, name } = json.element()?;
        if self.categories.insert(id, name).is_some() {
            return Err(json.fault(format!("category {id} is given twice")));
        }
        Ok(())
    }

    fn annotation(&mut self, json: &mut JsonInput<'_>, report: &mut Report) -> Result<(), ReadFault> {
        let annotation: Annotation = json.element()?;
        if let Some(id) = annotation.id.filter(|id| !self.annotation_ids.insert(*id)) {
            return Err(json.fault(format!("annotation {id} is given twice")));
        }
        let image = annotation.image_id;
        if self.has_images && !self.image_ids.contains(image) {
            return Err(json.fault(unknown_image(image)));
        }
        if let Some(segments) = annotation.segments_info {
            for segment in segments {
                report.add(Remark::Crowd, u64::from(segment.iscrowd.0));
                self.instance(json, image, segment.category_id)?;
            }
            return Ok(());
        }
        let Some(category) = annotation.category_id else {
            report.add(Remark::Caption, u64::from(annotation.caption.0));
            return if annotation.caption.0 { Ok(()) } else { Err(json.fault("`category_id` is missing")) };
        };
        report.add(Remark::Crowd, u64::from(annotation.iscrowd.0));
        self.instance(json, image, category)?;
        for name in annotation.attributes.0 {
            let key = self.keys.attribute(category, &name, json.byte()).ok_or_else(|| too_many_keys(json))?;
            self.tally.add(image, key);
        }
        Ok(())
    }

    fn instance(&mut self, json: &JsonInput<'_>, image: i64, category: i64) -> Result<(), ReadFault> {
        let key = self.keys.category(category, json.byte()).ok_or_else(|| too_many_keys(json))?;
        self.tally.add(image, key);
        Ok(())
    }

    fn finish(self) -> Result<Whole, ReadFault> {
        let counts = self.tally.finish();
        if let Some(image) = counts.tasks().find(|image| !self.image_ids.contains(*image)) {
            let place = FilePlace { path: Some("$.annotations".to_owned()), ..FilePlace::default() };
            return Err(ReadFault::wrong(place, unknown_image(image)));
        }
        let keys = self.keys.iter().map(|key| resolve(key, &self.categories)).collect::<Result<_, _>>()?;
        Ok(Whole { images: self.images, keys, counts })
    }
}

fn unknown_image(id: i64) -> String {
    format!("an annotation refers to image {id}, which is not in `images`")
}

fn too_many_keys(json: &JsonInput<'_>) -> ReadFault {
    json.fault(format!("there are more than {} keys", u32::MAX))
}

fn resolve(key: &Key, categories: &HashMap<i64, String>) -> Result<ResolvedKey, ReadFault> {
    let wrong = |reason| ReadFault::wrong(FilePlace::at_byte(key.first_use), reason);
    let unknown = || wrong(format!("category {} is not in `categories`", key.category));
    let category = categories.get(&key.category).ok_or_else(unknown)?;
    let text = match &key.attribute {
        Some(attribute) => attribute_key(category, attribute),
        None => instance_key(category),
    };
    Ok(ResolvedKey { key: text.map_err(wrong)?, is_attribute: key.attribute.is_some() })
}

struct ResolvedKey {
    key: OperationItemKey,
    is_attribute: bool,
}

/// A file that is read to its end.
#[derive(Default)]
struct Whole {
    images: Vec<i64>,
    keys: Vec<ResolvedKey>,
    counts: Counted,
}

impl Whole {
    fn task(&self, id: i64) -> Result<TaskCounts, String> {
        let mut task = TaskCounts::numbered(id);
        task.frames = Count::ONE;
        for entry in self.counts.of(id) {
            let key = usize::try_from(entry.key).ok().and_then(|index| self.keys.get(index));
            let Some(key) = key else { continue };
            let counts = if key.is_attribute { &mut task.attributes } else { &mut task.instances };
            let sum = counts.entry(key.key.clone()).or_default();
            let more = sum.checked_add(count_of(entry.count.into())?);
            *sum = more.ok_or("there are too many of one key")?;
        }
        Ok(task)
    }
}
