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
//! * Annotations may be before the images and categories that they refer to, so nothing is known before the end of
//!   the file. Until then an image takes about 20 bytes and those of its name, and 3 to 8 for each key that it has;
//!   geometry is never kept. Ids that are scattered over all numbers take 30 bytes more, each, to find one that comes
//!   twice.
//! * The `file_name` of an image is the source name of its task, where it is one.
//! * An annotation with a `score` may be the output of a model: it is counted, and reported.
//! * A crowd region (`iscrowd`) counts once, since a person drew it, and is reported.
//! * `false` and `0` are values of an attribute; `null`, `""`, `[]`, `{}` and lists of nothing else are not.
//! * What the tool writes itself is no attribute, and is reported value by value: `occluded`, `outside`, `keyframe`,
//!   `track_id`, `rotation`, `z_order` and `is_crowd` of `attributes`, and `track_id` and `instance_id` beside them. An
//!   annotation that is marked as `outside` is not visible: it is not counted, with all its attributes, and is reported.
//! * The id of an image or a category may be used once: a second one is an error, not a sum. An annotation refers to its
//!   image itself, so one whose id comes twice is counted, and reported.
//! * Two categories with one name are one key. Under a category without a name (`""` or `null`) annotations count as
//!   what they have: `keypoints`, `segmentation` or `bbox`, the first of these; `segments_info` for segments of panoptic
//!   annotations, `annotation` for those without a shape. They are reported.
//! * An annotation of an image that is not in `images` is an error, whether it would count or not.
//! * A `caption` without a shape is not counted, whatever its category, and is reported; one beside a shape with a category
//!   is reported, and the shape is counted. Any other annotation without a category is an error.
//! * The `scene_annotations` of TACO, the `attributes` of images and of panoptic annotations and their segments, and
//!   lists under names that COCO does not have are not counted, and are reported.
//! * Nothing is tracked, so the counting rules agree.

mod annotation;
mod images;
mod keys;
mod runs;
mod tally;

use crate::coco::annotation::{Annotation, Shape};
use crate::coco::images::{Image, Images};
use crate::coco::keys::{Key, Keys, Label};
use crate::coco::runs::Entry;
use crate::coco::tally::{Counted, Tally};
use crate::counting::{IdSet, attribute_key, instance_key};
use crate::input::{Bytes, IsGiven, JsonInput, Name};
use crate::task_counts::count_of;
use crate::task_reader::TaskReader;
use crate::{FilePlace, FoundOperators, ReadError, Remark, Report, TaskCounts};
use annotation_statistics_domain::OperationItemKey;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use struson::reader::ValueType;

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
    fn next_task(&mut self, report: &mut Report) -> Result<Option<TaskCounts>, ReadError> {
        if let Some(mut json) = self.unread.take() {
            self.read = Reading::default().read(&mut json, report)?;
        }
        let Whole { images, keys, counts, .. } = &mut self.read;
        let Some((id, name)) = images.get(self.next) else { return Ok(None) };
        self.next += 1;
        let task = counted(TaskCounts::numbered(id).made_of(name), &counts.of(id), keys, report);
        task.map(Some).map_err(|reason| ReadError::invalid(FilePlace::default(), format!("image {id}: {reason}")))
    }

    fn found_operators(&self) -> Option<&FoundOperators> {
        Some(&self.read.found)
    }
}

#[derive(Deserialize)]
struct Category {
    id: i64,
    name: Name,
    #[serde(default)]
    keypoints: IsGiven,
}

/// What is known of a file while it is read.
#[derive(Default)]
struct Reading {
    images: Images,
    image_ids: IdSet,
    /// Whether all images are known, so that an annotation of another one is an error at once.
    has_images: bool,
    /// Whether an annotation was before `images`.
    has_unchecked_images: bool,
    /// Images of annotations that are not counted, and are before `images`.
    uncounted_images: BTreeSet<i64>,
    annotation_ids: IdSet,
    categories: HashMap<i64, String>,
    found: FoundOperators,
    keys: Keys,
    tally: Tally,
}

impl Reading {
    fn read(mut self, json: &mut JsonInput<'_>, report: &mut Report) -> Result<Whole, ReadError> {
        json.object(|json, name| match name {
            "images" => {
                json.array(|json| self.image(json, report))?;
                self.has_images = true;
                Ok(())
            }
            "annotations" => json.array(|json| self.annotation(json, report)),
            "categories" => json.array(|json| self.category(json)),
            "info" | "licenses" | "videos" | "tracks" | "scene_categories" => json.skip(),
            "scene_annotations" => report_each(json, Remark::SceneAnnotation, report),
            _ => report_each(json, Remark::OtherList, report),
        })?;
        json.finish()?;
        if !self.has_images {
            return Err(json.error("`images` is missing"));
        }
        self.finish()
    }

    fn image(&mut self, json: &mut JsonInput<'_>, report: &mut Report) -> Result<(), ReadError> {
        let image: Image = json.element()?;
        if !self.image_ids.insert(image.id) {
            return Err(json.error(format!("image {} is given twice", image.id)));
        }
        report.add(Remark::ImageAttribute, image.attributes.0);
        self.images.push(&image);
        Ok(())
    }

    fn category(&mut self, json: &mut JsonInput<'_>) -> Result<(), ReadError> {
        let Category { id, name: Name(name), keypoints: IsGiven(has_keypoints) } = json.element()?;
        self.found.add_slot(&name, if has_keypoints { Shape::Keypoints.label() } else { "" });
        if self.categories.insert(id, name).is_some() {
            return Err(json.error(format!("category {id} is given twice")));
        }
        Ok(())
    }

    fn annotation(&mut self, json: &mut JsonInput<'_>, report: &mut Report) -> Result<(), ReadError> {
        let annotation: Annotation = json.element()?;
        let image = annotation.image_id;
        if self.has_images && !self.image_ids.contains(image) {
            return Err(json.error(unknown_image(image)));
        }
        self.has_unchecked_images |= !self.has_images;
        let obstacle = annotation.obstacle();
        let has_no_segments = annotation.segments_info.as_ref().is_some_and(Vec::is_empty);
        if !self.has_images && (obstacle.is_some() || has_no_segments) {
            self.uncounted_images.insert(image);
        }
        if let Some(obstacle) = obstacle {
            report.add(obstacle, 1);
            return Ok(());
        }
        let is_repeated = annotation.id.is_some_and(|id| !self.annotation_ids.insert(id));
        report.add(Remark::RepeatedId, u64::from(is_repeated));
        report.add(Remark::Scored, u64::from(annotation.score.0));
        report.add(Remark::ToolValue, annotation.tool_values());
        report.add(Remark::Caption, annotation.captions());
        if let Some(segments) = &annotation.segments_info {
            report.add(Remark::PanopticAttribute, u64::try_from(annotation.attributes.names.len()).unwrap_or(u64::MAX));
            for segment in segments {
                report.add(Remark::Crowd, u64::from(segment.iscrowd.0));
                report.add(Remark::SegmentAttribute, segment.attributes.0);
                self.instance(json, image, (segment.category_id, Shape::Segment))?;
            }
            return Ok(());
        }
        let category = annotation.category_id.ok_or_else(|| json.error("`category_id` is missing"))?;
        report.add(Remark::Crowd, u64::from(annotation.iscrowd.0));
        let label = (category, annotation.shape());
        self.instance(json, image, label)?;
        for name in &annotation.attributes.names {
            let key = self.keys.attribute(label, name, json.byte()).ok_or_else(|| too_many_keys(json))?;
            self.tally.add(image, key);
        }
        Ok(())
    }

    fn instance(&mut self, json: &JsonInput<'_>, image: i64, label: Label) -> Result<(), ReadError> {
        let key = self.keys.instance(label, json.byte()).ok_or_else(|| too_many_keys(json))?;
        self.tally.add(image, key);
        Ok(())
    }

    fn finish(mut self) -> Result<Whole, ReadError> {
        let counts = self.tally.finish();
        let mut unknown = |image: &i64| !self.image_ids.contains(*image);
        let counted = if self.has_unchecked_images { counts.tasks().find(&mut unknown) } else { None };
        let first = counted.or_else(|| self.uncounted_images.iter().copied().find(unknown));
        if let Some(image) = first {
            let place = FilePlace { path: Some("$.annotations".to_owned()), ..FilePlace::default() };
            return Err(ReadError::invalid(place, unknown_image(image)));
        }
        let keys = self.keys.iter().map(|key| resolve(key, &self.categories)).collect::<Result<_, _>>()?;
        Ok(Whole { images: self.images, keys, counts, found: self.found })
    }
}

fn unknown_image(id: i64) -> String {
    format!("an annotation refers to image {id}, which is not in `images`")
}

fn too_many_keys(json: &JsonInput<'_>) -> ReadError {
    json.error(format!("there are more than {} keys", u32::MAX))
}

/// Reports each element of a list that is not counted.
fn report_each(json: &mut JsonInput<'_>, remark: Remark, report: &mut Report) -> Result<(), ReadError> {
    if json.peek()? != ValueType::Array {
        return json.skip();
    }
    json.array(|json| {
        report.add(remark, 1);
        json.skip()
    })
}

fn resolve(key: &Key, categories: &HashMap<i64, String>) -> Result<ResolvedKey, ReadError> {
    let invalid = |reason| ReadError::invalid(FilePlace::at_byte(key.first_use), reason);
    let (category, shape) = key.label;
    let unknown = || invalid(format!("category {category} is not in `categories`"));
    let name = categories.get(&category).ok_or_else(unknown)?;
    let label = if name.is_empty() { shape.label() } else { name };
    let (kind, text) = match &key.attribute {
        Some(attribute) => (Kind::Attribute, attribute_key(label, attribute)),
        None if name.is_empty() => (Kind::Unlabelled, instance_key(label)),
        None => (Kind::Instance, instance_key(label)),
    };
    Ok(ResolvedKey { key: text.map_err(invalid)?, kind })
}

struct ResolvedKey {
    key: OperationItemKey,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Instance,
    /// An instance that counts under its shape.
    Unlabelled,
    Attribute,
}

/// A file that is read to its end.
#[derive(Default)]
struct Whole {
    images: Images,
    keys: Vec<ResolvedKey>,
    counts: Counted,
    found: FoundOperators,
}

/// A task with its counts; the error is the reason why it cannot have them.
fn counted(
    mut task: TaskCounts,
    entries: &[Entry],
    keys: &[ResolvedKey],
    report: &mut Report,
) -> Result<TaskCounts, String> {
    for entry in entries {
        let key = usize::try_from(entry.key).ok().and_then(|index| keys.get(index));
        let Some(ResolvedKey { key, kind }) = key else { continue };
        let times = u64::from(entry.count);
        report.add(Remark::WithoutLabel, if *kind == Kind::Unlabelled { times } else { 0 });
        let counts = if *kind == Kind::Attribute { &mut task.attributes } else { &mut task.instances };
        let sum = counts.entry(key.clone()).or_default();
        *sum = sum.checked_add(count_of(times)?).ok_or("there are too many of one key")?;
    }
    Ok(task)
}
