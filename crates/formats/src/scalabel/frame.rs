//! Frames of Scalabel and their labels, as the files have them.

use crate::input::{Id, IsGiven, Name, NamesWithValue, is_no_number, non_number};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Frame {
    #[serde(default)]
    pub(super) name: Name,
    #[serde(default, rename = "videoName", alias = "video_name")]
    pub(super) video_name: Name,
    #[serde(default)]
    pub(super) attributes: NamesWithValue,
    #[serde(alias = "objects")]
    labels: Option<Vec<Label>>,
    timestamp: Option<Value>,
    index: Option<Value>,
}

/// Frames of several cameras that belong together.
#[derive(Deserialize)]
pub(super) struct Group {
    pub(super) labels: Option<Vec<IgnoredAny>>,
}

#[derive(Deserialize)]
pub(super) struct Label {
    #[serde(default)]
    pub(super) id: Id,
    #[serde(default)]
    pub(super) category: Name,
    #[serde(default)]
    pub(super) attributes: NamesWithValue,
    #[serde(rename = "manualShape", alias = "manual_shape")]
    pub(super) manual_shape: Option<bool>,
    #[serde(default)]
    box2d: IsGiven,
    #[serde(default)]
    box3d: IsGiven,
    #[serde(default)]
    poly2d: IsGiven,
    #[serde(default)]
    rle: IsGiven,
    #[serde(default)]
    graph: IsGiven,
}

impl Frame {
    /// A frame of old BDD100K has no name: the file has one, and the frame a time or a place. The error is the member
    /// that is no name, and the reason why.
    pub(super) fn name_after(&mut self, file: &str) -> Result<(), (&'static str, String)> {
        if self.name.0.is_empty() && self.video_name.0.is_empty() && !file.is_empty() {
            self.video_name = Name(file.to_owned());
            let marks = [("timestamp", &self.timestamp), ("index", &self.index)];
            let given = marks.into_iter().filter_map(|(member, mark)| Some((member, mark.as_ref()?)));
            self.name = Name("0".to_owned());
            if let Some((member, mark)) = given.into_iter().find(|(_, mark)| !mark.is_null()) {
                if let Some(word) = mark.as_str().and_then(non_number) {
                    return Err((member, is_no_number(word)));
                }
                self.name = Name(mark.to_string());
            }
        }
        Ok(())
    }

    /// Leaves out the labels that say nothing, and returns how many they are.
    pub(super) fn drop_empty_labels(&mut self) -> u64 {
        let Some(labels) = &mut self.labels else { return 0 };
        let all = labels.len();
        labels.retain(|label| !label.key().is_empty());
        u64::try_from(all - labels.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn labels(&self) -> &[Label] {
        self.labels.as_deref().unwrap_or_default()
    }
}

impl Label {
    /// The category; without one the name of the geometry, and without both nothing.
    pub(super) fn key(&self) -> &str {
        if !self.category.0.is_empty() {
            return &self.category.0;
        }
        let shapes = [
            (self.box2d, "box2d"),
            (self.box3d, "box3d"),
            (self.poly2d, "poly2d"),
            (self.rle, "rle"),
            (self.graph, "graph"),
        ];
        shapes.into_iter().find_map(|(shape, name)| shape.0.then_some(name)).unwrap_or_default()
    }
}
