//! Recognises the format of a JSON file.

use crate::Format;
use crate::input::JsonOutline;
use struson::reader::ValueType;

/// The more certain a format is recognised, the earlier it is tried.
const BY_CERTAINTY: [Format; Format::ALL.len()] = [
    Format::OpenLabel,
    Format::Platform,
    Format::Datumaro,
    Format::LabelStudio,
    Format::Coco,
    Format::Scalabel,
    Format::Cvat,
];

/// The format of a file that starts so.
pub(super) fn of(outline: &JsonOutline) -> Option<Format> {
    BY_CERTAINTY.into_iter().find(|format| fits(*format, outline))
}

/// Whether the root of a file is of a format.
fn fits(format: Format, root: &JsonOutline) -> bool {
    match format {
        Format::OpenLabel => root.has("openlabel") || root.has("vcd"),
        Format::Platform => any_task(root, is_platform),
        Format::Datumaro => is_datumaro(root),
        Format::LabelStudio => any_task(root, is_label_studio),
        Format::Coco => is_coco(root),
        Format::Scalabel => is_scalabel(root),
        // It is XML.
        Format::Cvat => false,
    }
}

/// Whether the root is such a task, or an element of it.
fn any_task(root: &JsonOutline, fits: fn(&JsonOutline) -> bool) -> bool {
    fits(root) || root.elements().any(fits)
}

/// A task, or a response of the platform's API with one, with several, or with a page of them.
fn is_platform(task: &JsonOutline) -> bool {
    let is_response = ["code", "success", "requestId", "count"].into_iter().any(|name| task.has(name));
    let is_task = |start: &str| ["taskId", "taskParams"].into_iter().any(|name| task.has(&format!("{start}{name}")));
    ["", "data.", "data.[].", "data.data.[]."].into_iter().any(is_task)
        || is_response && task.has("data") && !task.has("annotations")
}

fn is_datumaro(root: &JsonOutline) -> bool {
    let is_of_coco = root.has("images") || root.has("annotations");
    root.has("dm_format_version")
        || root.is("items", ValueType::Array)
        || root.is("categories", ValueType::Object) && !is_of_coco
}

fn is_label_studio(task: &JsonOutline) -> bool {
    let is_listed = task.has("annotations") && task.has("id") && !task.has("annotations.[].*");
    let is_of_coco = task.has("images") || task.has("categories");
    let is_annotated = is_listed && !is_of_coco || task.has("annotations.[].result") || task.has("annotation_id");
    is_annotated || task.has("completions") || task.is("data", ValueType::Object)
}

/// Lists of images, annotations and categories; objects instead of lists are an error that the reader reports.
fn is_coco(root: &JsonOutline) -> bool {
    let lists = ["images", "annotations", "categories"].map(|name| root.has(name));
    let is_list = |name| root.is(name, ValueType::Array);
    let has_annotations =
        is_list("annotations") && (root.has("annotations.[].image_id") || !root.has("annotations.[].*"));
    is_list("images") || is_list("categories") || has_annotations || lists.into_iter().filter(|has| *has).count() > 1
}

fn is_scalabel(root: &JsonOutline) -> bool {
    let mut frames = root.is("frames", ValueType::Array);
    if frames && root.has("frames.[].*") {
        let members = ["name", "videoName", "labels", "objects", "timestamp", "frameIndex", "attributes", "url"];
        frames = members.iter().any(|name| root.has(&format!("frames.[].{name}")));
    }
    frames || root.elements().any(is_scalabel_frame)
}

fn is_scalabel_frame(frame: &JsonOutline) -> bool {
    let labels = frame.members().find(|(name, _)| *name == "labels").map(|(_, labels)| labels);
    let is_labelled = |labels: &JsonOutline| {
        let is_certain = labels.elements().any(|label| !label.is_empty()) || frame.has("name") && labels.is_empty();
        is_certain && labels.elements().all(is_scalabel_label)
    };
    let is_tagged = frame.has("timestamp") || frame.is("attributes", ValueType::Object);
    let is_of_video = frame.has("videoName") || frame.has("frameIndex");
    is_of_video || labels.map_or_else(|| frame.has("name") && is_tagged, is_labelled)
}

/// Whether a label has a geometry of Scalabel, or nothing else than what Scalabel's labels have.
fn is_scalabel_label(label: &JsonOutline) -> bool {
    let geometries = ["box2d", "box3d", "poly2d", "rle", "graph"];
    let others = ["id", "index", "category", "attributes", "score", "types", "manualShape", "manualAttributes"];
    let is_drawn = |geometry| label.is(geometry, ValueType::Object) || label.is(geometry, ValueType::Array);
    let is_known = |(name, _)| geometries.contains(&name) || others.contains(&name);
    geometries.into_iter().any(is_drawn) || label.members().all(is_known)
}
