//! The same counts with typed `serde_json` over the whole file in memory, and nothing else: no places of errors, no report,
//! no bound on memory.

#![expect(clippy::zero_sized_map_values, reason = "a map is what the parser gives, and its values are passed over")]

use crate::Sums;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;

type Attributes = BTreeMap<String, IgnoredAny>;
type Read<T> = Result<T, Box<dyn Error>>;

fn parsed<T: DeserializeOwned>(file: &[u8]) -> Read<T> {
    Ok(serde_json::from_slice(file)?)
}

#[derive(Deserialize)]
struct Coco {
    images: Vec<Image>,
    annotations: Vec<CocoAnnotation>,
    categories: Vec<Category>,
}

#[derive(Deserialize)]
struct Image {
    id: i64,
    #[serde(rename = "file_name")]
    _file_name: String,
}

#[derive(Deserialize)]
struct Category {
    id: i64,
    #[serde(rename = "name")]
    _name: String,
}

#[derive(Deserialize)]
struct CocoAnnotation {
    image_id: i64,
    category_id: i64,
    #[serde(default)]
    attributes: Attributes,
}

pub(crate) fn coco(file: &[u8]) -> Read<Sums> {
    let coco: Coco = parsed(file)?;
    let images: HashSet<i64> = coco.images.iter().map(|image| image.id).collect();
    let categories: HashSet<i64> = coco.categories.iter().map(|category| category.id).collect();
    let mut sums = Sums { tasks: coco.images.len(), ..Sums::default() };
    for annotation in &coco.annotations {
        let is_known = images.contains(&annotation.image_id) && categories.contains(&annotation.category_id);
        sums.instances += usize::from(is_known);
        sums.attributes += annotation.attributes.len();
    }
    Ok(sums)
}

#[derive(Deserialize)]
struct LabelStudioTask {
    #[serde(rename = "id")]
    _id: i64,
    annotations: Vec<LabelStudioAnnotation>,
}

#[derive(Deserialize)]
struct LabelStudioAnnotation {
    result: Vec<Entry>,
    #[serde(default)]
    was_cancelled: bool,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    value: EntryValue,
}

#[derive(Deserialize)]
struct EntryValue {
    #[serde(default)]
    rectanglelabels: Vec<String>,
    #[serde(default)]
    choices: Vec<String>,
}

pub(crate) fn label_studio(file: &[u8]) -> Read<Sums> {
    let tasks: Vec<LabelStudioTask> = parsed(file)?;
    let mut sums = Sums { tasks: tasks.len(), ..Sums::default() };
    let annotations = tasks.iter().flat_map(|task| &task.annotations).filter(|annotation| !annotation.was_cancelled);
    for annotation in annotations {
        let is_region = |entry: &&Entry| entry.kind == "rectanglelabels" && !entry.value.rectanglelabels.is_empty();
        let regions = annotation.result.iter().filter(is_region).map(|entry| entry.id.as_str());
        sums.instances += regions.collect::<HashSet<_>>().len();
        sums.attributes += annotation.result.iter().filter(|entry| !entry.value.choices.is_empty()).count();
    }
    Ok(sums)
}

#[derive(Deserialize)]
struct OpenLabel {
    openlabel: Scene,
}

#[derive(Deserialize)]
struct Scene {
    frames: BTreeMap<String, SceneFrame>,
    objects: HashMap<String, SceneObject>,
}

#[derive(Deserialize)]
struct SceneFrame {
    objects: HashMap<String, SceneObject>,
}

#[derive(Deserialize)]
struct SceneObject {
    #[serde(default)]
    object_data: ObjectData,
}

#[derive(Deserialize, Default)]
struct ObjectData {
    #[serde(default)]
    bbox: Vec<SceneBox>,
}

#[derive(Deserialize)]
struct SceneBox {
    attributes: HashMap<String, Vec<Named>>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

pub(crate) fn openlabel(file: &[u8]) -> Read<Sums> {
    let OpenLabel { openlabel: scene } = parsed(file)?;
    let mut attributes = HashSet::new();
    for (id, object) in scene.frames.values().flat_map(|frame| &frame.objects) {
        let lists = object.object_data.bbox.iter().flat_map(|shape| shape.attributes.values());
        attributes.extend(lists.flatten().map(|attribute| (id.as_str(), attribute.name.as_str())));
    }
    Ok(Sums { tasks: 1, instances: scene.objects.len(), attributes: attributes.len() })
}

#[derive(Deserialize)]
struct ScalabelFrame {
    #[serde(rename = "name")]
    _name: String,
    labels: Vec<ScalabelLabel>,
}

#[derive(Deserialize)]
struct ScalabelLabel {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "category")]
    _category: String,
    attributes: Attributes,
}

pub(crate) fn scalabel(file: &[u8]) -> Read<Sums> {
    let frames: Vec<ScalabelFrame> = parsed(file)?;
    let labels = || frames.iter().flat_map(|frame| &frame.labels);
    let attributes = labels().map(|label| label.attributes.len()).sum();
    Ok(Sums { tasks: frames.len(), instances: labels().count(), attributes })
}

#[derive(Deserialize)]
struct Datumaro {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(rename = "id")]
    _id: String,
    annotations: Vec<DatumaroAnnotation>,
}

#[derive(Deserialize)]
struct DatumaroAnnotation {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "label_id")]
    _label_id: i64,
    attributes: Attributes,
}

pub(crate) fn datumaro(file: &[u8]) -> Read<Sums> {
    let Datumaro { items } = parsed(file)?;
    let annotations = || items.iter().flat_map(|item| &item.annotations);
    let instances = annotations().filter(|annotation| annotation.kind != "label").count();
    // `occluded` is what the tool writes.
    let attributes = annotations().map(|annotation| annotation.attributes.len().saturating_sub(1)).sum();
    Ok(Sums { tasks: items.len(), instances, attributes })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlatformTask {
    #[serde(rename = "taskId")]
    _task_id: String,
    result: PlatformResult,
}

#[derive(Deserialize)]
struct PlatformResult {
    annotations: Vec<PlatformAnnotation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlatformAnnotation {
    #[serde(rename = "key")]
    _key: String,
    #[serde(default)]
    slots: Vec<Slot>,
    #[serde(default)]
    slots_children: Vec<Parent>,
    input: Option<Input>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Slot {
    #[serde(rename = "timeSeries")]
    _time_series: Option<BTreeMap<String, Event>>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    _kind: String,
}

#[derive(Deserialize)]
struct Parent {
    #[serde(rename = "slot")]
    _slot: Slot,
    children: Vec<PlatformAnnotation>,
}

#[derive(Deserialize)]
struct Input {
    #[serde(rename = "value")]
    _value: IgnoredAny,
}

impl PlatformAnnotation {
    fn add_to(&self, sums: &mut Sums) {
        sums.instances += self.slots.len() + self.slots_children.len();
        sums.attributes += usize::from(self.input.is_some());
        self.slots_children.iter().flat_map(|parent| &parent.children).for_each(|child| child.add_to(sums));
    }
}

pub(crate) fn platform(file: &[u8]) -> Read<Sums> {
    let tasks: Vec<PlatformTask> = parsed(file)?;
    let mut sums = Sums { tasks: tasks.len(), ..Sums::default() };
    tasks.iter().flat_map(|task| &task.result.annotations).for_each(|annotation| annotation.add_to(&mut sums));
    Ok(sums)
}
